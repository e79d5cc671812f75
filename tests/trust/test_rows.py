"""Everything that can go wrong with trust, by the number that the project's design gives it, and the test that shows
that it does not.
"""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.handlers import collect
from bot.settings import Limits
from core import answers, confirming, dialogs
from core.access import Verdict, authorize
from core.people import Assurance, Principal, Risk

ROOT = Path(__file__).parents[2]

_I, _C = "tests/trust/test_impostors.py", "tests/trust/test_confirmations.py"
_L, _H = "tests/trust/test_loops_and_floods.py", "tests/trust/test_hostile_input.py"
_AUTH, _WALK, _DOORS, _READ = "tests/authentication", "tests/walk", "tests/doors", "tests/reading"
_SEND = "tests/sending"
_A = "tests/trust/test_address_change.py"
_T, _CHAT = "tests/trust/test_chat_thieves.py", "tests/chat"

# number: (what can go wrong, the tests that show that it does not)
ROWS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "a stranger writes under a client's From",
        (
            f"{_I}::test_a_forged_mail_for_every_intent_looks_at_nothing_changes_nothing_and_asks_the_address_on_file",
            f"{_I}::test_a_stranger_s_mail_for_every_intent_becomes_a_ticket_and_tells_him_nothing",
            f"{_I}::test_a_second_forged_mail_of_the_day_brings_no_second_question",
        ),
    ),
    2: (
        "verifier and reader see different senders in one From",
        (
            f"{_I}::test_a_from_line_of_two_readings_never_gets_alice_s_account_told_with_mallory_s_proof",
            f"{_AUTH}/test_sender_line.py::test_a_from_line_with_two_readings_is_not_believed",
            f"{_AUTH}/test_sender_line.py::test_for_any_from_text_the_domain_used_is_the_domain_verified",
        ),
    ),
    3: (
        "several From fields, in disguise",
        (
            f"{_I}::test_a_field_that_stands_twice_makes_the_mail_a_mere_claim",
            f"{_AUTH}/test_sender_line.py::test_a_second_from_in_any_disguise_makes_the_sender_ambiguous",
        ),
    ),
    4: (
        "Authentication-Results that the sender wrote",
        (
            f"{_I}::test_results_that_the_thief_writes_himself_prove_nothing",
            f"{_AUTH}/test_trusted_results.py::test_a_result_below_a_foreign_received_is_forged",
            f"{_AUTH}/test_trusted_results.py::test_a_result_above_is_forged_when_the_mail_did_not_come_from_that_server",
        ),
    ),
    5: (
        "results injected through values",
        (f"{_AUTH}/test_trusted_results.py::test_each_way_to_write_a_result_counts_or_does_not",),
    ),
    6: (
        "a body appended behind l=, weak, expired or test keys",
        (
            f"{_I}::test_a_signature_that_does_not_cover_what_is_asked_of_us_now_proves_nothing",
            f"{_AUTH}/test_signature_proof.py::test_a_signature_over_a_part_of_the_body_does_not_count",
            f"{_AUTH}/test_signature_proof.py::test_a_small_key_does_not_count",
        ),
    ),
    7: (
        "unsigned fields added to a signed mail",
        (
            f"{_I}::test_fields_put_on_a_signed_mail_move_no_answer",
            f"{_AUTH}/test_signature_proof.py::test_a_field_put_on_top_of_a_signed_mail_makes_it_unproved",
        ),
    ),
    8: (
        "a genuine mail replayed",
        (
            f"{_I}::test_a_genuine_mail_sent_again_is_walked_once_and_its_copy_under_a_new_id_proves_nothing",
            f"{_I}::test_two_signatures_of_her_domain_are_not_two_chances",
            f"{_I}::test_her_own_mail_for_another_of_our_addresses_or_delivered_twice_keeps_its_proof",
            f"{_I}::test_a_walk_that_failed_has_used_up_no_signature",
            f"{_I}::test_of_two_workers_that_meet_on_one_signature_one_commits_and_the_other_sees_it",
            f"{_I}::test_a_signature_is_remembered_for_ninety_days",
            f"{_AUTH}/test_signature_proof.py::test_a_signature_is_recognised_however_its_text_is_spelled",
            f"{_AUTH}/test_forwarder_proof.py::"
            "test_a_copy_under_another_id_has_the_same_signatures_even_where_the_senders_own_was_taken_off",
            f"{_AUTH}/test_signature_proof.py::test_a_mail_replayed_to_another_desk_does_not_count",
            f"{_I}::test_a_mail_keeps_its_signature_through_a_real_postfix_and_a_forged_one_gains_nothing_by_it",
        ),
    ),
    9: (
        "another tenant of the same mail host",
        (
            f"{_I}::test_spf_and_signature_of_a_host_that_sends_for_many_tenants_prove_no_one_of_them",
            f"{_I}::"
            "test_where_the_operator_says_that_the_host_enforces_the_sender_its_signature_counts_and_spf_still_does_not",
            f"{_I}::test_a_mail_that_the_host_signed_for_him_proves_nothing_from_his_own_machine_either",
            f"{_AUTH}/test_envelope_proof.py::test_a_host_that_sends_for_many_proves_nothing",
            f"{_AUTH}/test_envelope_proof.py::test_a_shared_host_is_seen_behind_a_relay_of_ours_too",
            f"{_AUTH}/test_trusted_results.py::"
            "test_a_server_s_dkim_result_on_a_mail_through_a_shared_host_counts_only_where_that_host_enforces_the_sender",
        ),
    ),
    10: (
        "a colleague under the same domain",
        (f"{_I}::test_a_colleague_who_writes_as_the_boss_gets_neither_answer_nor_code",),
    ),
    11: (
        "ARC by an unknown sealer",
        (f"{_AUTH}/test_forwarder_proof.py::test_the_seal_of_an_unknown_forwarder_lifts_nothing",),
    ),
    12: (
        "look-alike names and addresses",
        (
            f"{_I}::test_an_address_that_only_looks_like_hers_is_a_stranger_s",
            f"{_I}::test_her_name_over_his_address_is_him_and_staff_read_the_address_first",
        ),
    ),
    13: (
        "Unicode folding joins two addresses",
        (
            "tests/backends/test_local_billing.py::test_addresses_that_only_unicode_would_fold_together_are_two_people",
            f"{_I}::test_her_address_in_capitals_is_hers_and_mail_goes_where_it_always_went",
        ),
    ),
    14: (
        "a client's mail domain that lapsed",
        ("tests/trust/test_lapsed_domains.py::test_secrets_and_codes_to_a_lapsed_domain_wait_for_a_person",),
    ),
    15: (
        "a ticket number in the subject",
        (
            f"{_I}::test_a_forged_mail_with_the_number_of_her_ticket_is_not_put_on_it",
            f"{_WALK}/test_tickets.py::test_a_stranger_with_a_ticket_number_opens_a_new_ticket",
        ),
    ),
    16: (
        "a reply address in the wrong hands",
        (
            f"{_I}::test_her_reply_address_in_his_hands_adds_text_and_he_never_reads_an_answer",
            f"{_I}::test_her_reply_address_under_her_forged_name_only_makes_things_safer",
        ),
    ),
    17: (
        "one of several ways to a ticket is not checked",
        (
            f"{_I}::test_no_address_of_the_desk_with_a_token_that_we_did_not_sign_finds_a_ticket",
            f"{_I}::test_an_id_of_ours_that_he_knows_does_not_become_another_one",
            "tests/test_tokens.py::test_no_changed_character_of_any_carrier_is_accepted",
            "tests/test_house.py::test_only_one_module_holds_the_key_of_the_tokens",
        ),
    ),
    18: (
        "tokens that are guessable or compared badly",
        (
            f"{_I}::test_no_kind_of_value_but_a_signed_text_is_a_token_or_a_code",
            "tests/test_house.py::test_no_token_or_code_is_compared_with_a_plain_equals",
        ),
    ),
    19: (
        "a question that never ends",
        (
            f"{_I}::test_every_question_ends_counts_its_tries_and_stores_no_code_in_clear",
            f"{_C}::test_a_late_confirmation_does_nothing_and_neither_does_a_clock_set_back",
        ),
    ),
    20: (
        "somebody who left the staff or a department",
        (
            f"{_I}::test_somebody_who_left_the_staff_no_longer_speaks_for_the_desk",
            "tests/trust/test_staff_bounds.py::"
            "test_who_was_moved_to_another_department_does_nothing_on_a_ticket_and_reads_nothing_of_it",
            "tests/trust/test_staff_bounds.py::test_a_stop_is_lifted_by_a_lead_of_security_and_by_nobody_below",
        ),
    ),
    21: (
        "forged staff mail reaches clients",
        (
            f"{_I}::test_a_staff_mail_that_lacks_anything_reaches_no_client",
            f"{_I}::test_a_forged_staff_command_changes_no_owner_and_lifts_no_stop",
            "tests/trust/test_staff_bounds.py::test_staff_ask_for_nothing_in_the_client_s_place",
        ),
    ),
    22: ("header fields that steer", (f"{_I}::test_five_hundred_header_fields_of_his_invention_change_nothing",)),
    23: ("the doors' answers tell too much", (f"{_DOORS}/test_smtp_door.py::test_every_reply_is_on_the_list",)),
    24: ("exceptions reach the peer", (f"{_DOORS}/test_smtp_door.py::test_no_word_of_an_exception_reaches_the_peer",)),
    25: (
        "whether an account exists can be tested",
        (
            f"{_I}::test_a_stranger_cannot_tell_whether_an_account_address_or_domain_exists_here",
            f"{_I}::test_the_door_does_the_same_work_for_a_client_and_for_nobody",
        ),
    ),
    26: (
        "people in copy read what is not theirs",
        (
            f"{_I}::test_somebody_in_copy_reads_what_staff_say_next_and_nothing_else",
            f"{_WALK}/test_tickets.py::test_a_forger_adds_no_readers_to_a_ticket",
        ),
    ),
    27: (
        "a verification mail becomes a readable ticket",
        (f"{_I}::test_a_verification_mail_that_somebody_has_sent_to_a_ticket_is_seen_by_staff_alone",),
    ),
    28: (
        "Reply-To decides",
        (
            f"{_I}::test_reply_to_names_neither_the_client_nor_where_the_answer_goes",
            f"{_I}::test_a_mail_without_from_whose_reply_to_is_hers_proves_nothing",
        ),
    ),
    29: (
        "a name or a profile taken for somebody in a chat",
        (
            f"{_T}::test_neither_a_name_nor_an_address_nor_an_id_from_elsewhere_speaks_for_her",
            f"{_T}::test_he_who_asks_for_her_code_gets_none_and_whatever_he_types_links_nothing",
            f"{_T}::test_whoever_calls_himself_staff_in_a_chat_commands_nothing",
            f"{_CHAT}/test_linking.py::test_names_and_shared_rooms_never_link",
            f"{_CHAT}/test_linking.py::test_the_code_of_another_chat_links_nothing",
            f"{_CHAT}/test_linking.py::test_a_code_ends_after_five_wrong_tries_and_after_ten_minutes",
            f"{_CHAT}/test_linking.py::test_three_codes_an_hour_go_to_one_address_however_many_chats_ask",
            f"{_CHAT}/test_linking.py::test_whether_an_address_is_on_file_cannot_be_told_from_the_chat",
            f"{_CHAT}/test_linking.py::test_a_pushed_link_links_nothing_without_a_yes_and_works_once",
            f"{_CHAT}/test_linking.py::test_a_link_ends_when_the_address_on_file_is_another_one",
            f"{_CHAT}/test_destinations.py::test_a_stranger_s_chat_is_told_nothing_of_any_account",
            f"{_CHAT}/slack/test_staff_at_work.py::"
            "test_whoever_is_not_of_the_staff_does_nothing_though_a_member_of_the_channel",
        ),
    ),
    30: (
        "a forged webhook",
        (
            f"{_T}::test_no_forged_request_in_slack_s_name_is_taken",
            f"{_CHAT}/slack/test_signed_http.py::test_a_wrong_old_or_missing_signature_is_refused",
            f"{_CHAT}/telegram/test_telegram_webhook.py::test_who_does_not_know_the_secret_changes_nothing",
            f"{_CHAT}/telegram/test_telegram_sender.py::test_no_log_holds_the_token_at_any_level",
        ),
    ),
    31: (
        "an account's answer where others read it",
        (
            f"{_T}::test_no_wish_of_hers_is_answered_where_others_read_it",
            f"{_CHAT}/test_destinations.py::test_in_a_room_public_things_are_answered_and_account_things_in_private",
            f"{_CHAT}/test_destinations.py::test_where_nothing_may_be_said_in_the_room_everything_is_private",
            f"{_CHAT}/test_destinations.py::test_no_phrase_of_any_handler_shows_a_secret_in_a_chat",
            f"{_CHAT}/telegram/test_telegram_desk.py::test_in_a_group_an_account_is_never_spoken_of",
        ),
    ),
    32: (
        "somebody else presses the button",
        (
            f"{_T}::test_a_button_is_worth_nothing_in_any_other_hand",
            f"{_T}::test_the_marker_behind_a_button_cannot_be_guessed_from_another_one",
            f"{_T}::test_a_code_that_was_read_over_her_shoulder_is_worth_nothing_in_his_chat",
            f"{_T}::test_a_code_and_a_yes_typed_into_a_room_do_nothing",
            f"{_CHAT}/test_destinations.py::test_another_chat_user_cannot_press_her_button",
            f"{_CHAT}/test_destinations.py::test_another_linked_client_cannot_press_her_button",
            f"{_CHAT}/test_destinations.py::test_a_button_pressed_where_others_read_it_confirms_nothing",
            f"{_CHAT}/telegram/test_telegram_messages.py::"
            "test_forged_button_data_is_no_more_than_words_that_anybody_could_type",
        ),
    ),
    66: (
        "markup in a chat",
        (
            f"{_T}::test_words_of_people_call_nobody_and_link_nowhere_in_what_the_desk_says_in_a_chat",
            f"{_CHAT}/slack/test_composing.py::test_words_of_a_stranger_call_nobody_and_lead_nowhere",
            f"{_CHAT}/slack/test_composing.py::test_links_are_kept_and_their_targets_cannot_break_out",
            f"{_CHAT}/telegram/test_telegram_letters.py::test_what_people_wrote_lets_no_tag_no_link_and_no_mention_in",
        ),
    ),
    52: (
        "merging and splitting change who reads what",
        (
            "tests/staff/test_commands.py::test_tickets_of_two_clients_are_never_joined",
            "tests/staff/test_commands.py::test_merge_leads_everybody_to_the_other_ticket",
            "tests/staff/test_commands.py::test_whoever_was_taken_off_has_a_reply_address_no_more",
        ),
    ),
    33: (
        "an out-of-office confirms",
        (
            f"{_C}::test_a_mail_that_says_it_is_automatic_confirms_nothing_even_with_the_right_first_line",
            f"{_C}::test_an_out_of_office_without_any_mark_confirms_nothing",
            f"{_C}::test_an_out_of_office_does_not_say_that_she_wrote_what_the_thief_wrote",
        ),
    ),
    34: (
        "a scanner opens a link",
        (f"{_C}::test_no_letter_that_asks_carries_a_link_that_a_scanner_could_open",),
    ),
    35: (
        "the mailbox itself was taken over",
        (
            f"{_C}::test_whoever_holds_her_mailbox_leaves_a_notice_and_she_undoes_and_stops_it",
            f"{_C}::test_a_code_that_was_asked_for_before_the_stop_is_worth_nothing_after_it",
            f"{_C}::test_wrong_codes_do_not_shorten_a_stop_that_only_a_person_lifts",
        ),
    ),
    37: (
        "a contact's address changed, then a secret asked for",
        (
            f"{_A}::test_for_a_week_after_a_change_of_address_secrets_and_unlocks_wait_for_a_person",
            f"{_A}::test_an_address_is_changed_only_when_the_old_and_the_new_mailbox_agree",
            f"{_A}::test_the_old_address_is_told_and_takes_the_change_back_with_one_word",
        ),
    ),
    53: (
        "an answer to an address that was changed",
        (
            f"{_A}::test_a_code_that_was_asked_for_before_the_change_unlocks_nothing_after_it",
            f"{_A}::test_what_staff_say_after_the_change_goes_to_the_new_address_and_not_to_the_old",
            f"{_A}::test_a_mail_from_the_old_address_is_a_stranger_s",
        ),
    ),
    36: (
        "a transfer code goes astray",
        (
            f"{_C}::test_a_transfer_code_is_in_the_one_letter_to_the_admin_contact_and_nowhere_else",
            f"{_C}::test_a_transfer_code_is_no_part_of_what_a_person_sees_to",
            f"{_C}::test_staff_can_neither_fetch_nor_see_a_transfer_code",
        ),
    ),
    38: (
        "somebody else's things by name",
        (
            f"{_C}::test_somebody_else_s_thing_and_one_that_does_not_exist_read_the_same_for_every_intent",
            f"{_C}::test_a_thing_of_hers_by_its_internal_number_is_not_found_by_others_either",
        ),
    ),
    39: (
        "a contact without the right, or no longer with it",
        (
            f"{_C}::test_a_sub_account_without_the_right_gets_no_change_question_or_secret",
            f"{_C}::test_a_right_that_is_taken_away_while_the_question_is_open_is_gone_when_it_is_answered",
        ),
    ),
    40: (
        "text misread",
        (
            f"{_C}::test_two_hundred_sentences_that_only_sound_like_a_request_are_none",
            f"{_C}::test_a_request_that_stands_only_in_what_she_quotes_is_not_hers",
        ),
    ),
    41: (
        "the client named in a forward",
        (
            f"{_C}::test_the_client_named_in_a_forwarded_text_is_nobody_s_identity",
            f"{_C}::test_her_mail_attached_whole_to_his_is_nobody_s_identity_either",
        ),
    ),
    43: (
        "two robots answer each other",
        (
            f"{_L}::test_a_robot_without_any_mark_gets_three_mails_an_hour_and_then_silence",
            f"{_WALK}/test_robots.py::test_two_desks_wired_to_each_other_fall_silent",
            f"{_L}::test_the_answer_of_the_desk_itself_is_read_as_a_robot_s",
        ),
    ),
    44: ("bounces open tickets", (f"{_L}::test_forty_delivery_reports_open_no_ticket_and_get_no_answer",)),
    45: (
        "a forged bounce mutes a client",
        (
            f"{_L}::test_a_report_about_a_letter_to_her_made_from_a_letter_to_him_does_not_mark_her",
            f"{_L}::test_a_report_on_a_letter_of_long_ago_or_of_another_desk_marks_nobody",
            f"{_L}::test_a_dead_mark_silences_no_question_code_or_notice",
        ),
    ),
    46: (
        "our acknowledgements as a relay for spam",
        (
            f"{_L}::test_a_thousand_forged_strangers_get_thirty_mails_an_hour_and_none_carries_his_words",
            f"{_L}::test_ten_forged_mails_of_an_hour_do_not_silence_her_who_is_proved",
            f"{_L}::test_an_unknown_address_whose_domain_disowns_the_mail_gets_none_and_staff_read_why",
            f"{_L}::test_a_doubled_field_does_not_make_the_disowned_mail_a_merely_unproved_one",
            f"{_L}::test_a_thousand_forged_strangers_of_strict_domains_get_no_mail_at_all",
            f"{_L}::test_an_address_on_file_is_still_asked_and_a_stranger_who_is_vouched_for_still_answered",
            f"{_L}::test_a_stranger_whose_proof_dns_did_not_answer_for_is_not_taken_for_disowned",
        ),
    ),
    47: (
        "codes flood a client",
        (
            f"{_L}::test_a_flood_of_forged_requests_is_one_question_to_her_a_day_and_no_code",
            f"{_L}::test_a_flood_of_honest_requests_brings_five_codes_an_hour_and_one_open_question",
            f"{_L}::test_ten_sensitive_changes_a_day_are_enough_for_one_account",
        ),
    ),
    48: (
        "header injection",
        (
            f"{_L}::test_sixty_hostile_subjects_names_and_file_names_reach_one_recipient_each_and_inject_nothing",
            f"{_SEND}/test_composing.py::test_hostile_words_stay_inside_their_header",
        ),
    ),
    49: (
        "mail to ourselves, in circles",
        (
            f"{_L}::test_a_mail_that_has_gone_round_in_circles_is_answered_by_nobody",
            f"{_L}::test_what_goes_round_in_circles_is_kept_on_one_ticket_and_told_to_nobody",
            f"{_L}::test_a_circle_through_a_reply_address_stays_on_its_ticket_without_a_word",
            f"{_L}::test_a_mail_that_came_a_long_way_is_answered_like_any_other",
            f"{_WALK}/test_robots.py::test_mail_in_the_name_of_the_desk_itself_is_not_answered",
        ),
    ),
    50: (
        "tokens of one shown to another",
        (
            f"{_L}::test_everybody_gets_a_mail_and_a_reply_address_of_their_own",
            f"{_I}::test_a_token_of_one_person_never_names_another",
        ),
    ),
    51: ("a note reaches the client", (f"{_L}::test_a_note_and_what_answers_a_note_stay_inside",)),
    54: ("SMTP smuggling", (f"{_DOORS}/test_smtp_door.py::test_only_a_dot_on_a_line_of_its_own_ends_a_message",)),
    55: (
        "STARTTLS injected or stripped",
        (
            f"{_DOORS}/test_smtp_door.py::test_plain_commands_slipped_in_behind_starttls_are_ignored",
            f"{_SEND}/test_submission.py::test_without_starttls_nothing_is_sent_in_plain_text",
            f"{_DOORS}/test_poor_imap.py::test_a_server_without_starttls_gets_no_password",
        ),
    ),
    56: (
        "long lines",
        (f"{_DOORS}/test_smtp_door.py::test_a_line_of_50_megabytes_is_refused_over_the_limit_and_taken_below_it",),
    ),
    57: (
        "floods of recipients",
        (f"{_DOORS}/test_smtp_door.py::test_a_flood_of_recipients_is_cut_at_the_limit",),
    ),
    58: (
        "slow senders and many of them",
        (
            f"{_DOORS}/test_smtp_door.py::test_200_slow_strangers_do_not_keep_a_relay_of_ours_out",
            f"{_DOORS}/test_smtp_door.py::test_a_message_that_dribbles_is_ended",
        ),
    ),
    59: (
        "work cut off half way",
        (f"{_DOORS}/test_smtp_door.py::test_a_client_that_leaves_after_the_dot_does_not_stop_the_commit",),
    ),
    60: (
        "nested parts and comments",
        (
            f"{_WALK}/test_trouble.py::test_a_bomb_of_nested_parts_is_survived",
            f"{_READ}/test_limits.py::test_beyond_a_limit_the_headers_are_read_and_a_defect_says_what_is_missing",
        ),
    ),
    61: (
        "quadratic decoding",
        (
            f"{_READ}/test_limits.py::test_a_bomb_is_read_in_time_in_step_with_its_size",
            f"{_AUTH}/test_bounded_time.py::test_a_bomb_is_judged_in_time_in_step_with_its_size",
        ),
    ),
    62: (
        "memory",
        (
            f"{_READ}/test_limits.py::test_memory_stays_within_a_few_times_the_size_of_the_mail",
            f"{_DOORS}/test_smtp_door.py::test_strangers_cannot_have_us_hold_more_than_there_is_room_for",
        ),
    ),
    63: ("names of files", (f"{_H}::test_a_hundred_file_names_name_no_place_on_any_disk",)),
    64: (
        "markup that runs at its reader",
        (
            f"{_H}::test_markup_of_a_stranger_runs_nothing_and_loads_nothing_at_whoever_reads_it",
            f"{_READ}/test_mail.py::test_the_staffs_html_runs_nothing_and_loads_nothing",
        ),
    ),
    65: ("fetching what a mail points to", (f"{_H}::test_no_address_in_a_mail_is_ever_fetched",)),
    67: (
        "text as a template",
        (
            f"{_H}::test_markup_of_a_stranger_runs_nothing_and_loads_nothing_at_whoever_reads_it",
            f"{_SEND}/test_reply_templates.py::test_a_template_cannot_leave_its_sandbox",
            f"{_SEND}/test_reply_templates.py::test_output_is_limited",
        ),
    ),
    69: (
        "SQL and shells",
        (
            f"{_H}::test_no_code_hands_text_to_a_shell_an_interpreter_or_a_database_as_a_statement",
            f"{_H}::test_quotes_and_semicolons_are_words_like_others",
        ),
    ),
    70: (
        "secrets that clients send",
        (
            f"{_H}::test_fifty_card_numbers_reach_neither_ticket_nor_letter_nor_log",
            f"{_H}::test_fifty_passwords_and_codes_reach_neither_ticket_nor_letter_nor_log",
            "tests/test_redaction.py::test_who_only_speaks_of_a_password_is_left_in_peace",
            "tests/test_redaction.py::"
            "test_a_password_in_a_mail_reaches_neither_ticket_nor_letters_and_the_client_is_told_once",
            f"{_H}::test_forty_planted_secrets_are_in_no_line_of_the_log_at_its_most_talkative",
        ),
    ),
    71: (
        "two departments, two copies",
        (f"{_WALK}/test_tickets.py::test_one_mail_to_two_departments_is_one_ticket_known_to_both",),
    ),
    72: (
        "a Message-ID used to suppress a mail",
        (
            f"{_H}::test_a_message_id_of_hers_that_he_used_first_suppresses_nothing_of_hers",
            f"{_WALK}/test_tickets.py::test_another_mail_under_a_used_message_id_is_read",
        ),
    ),
    73: ("old mail at the first connect", (f"{_DOORS}/test_dovecot.py::test_a_first_connect_takes_no_old_mail",)),
    74: (
        "clock and replay",
        (
            f"{_C}::test_a_late_confirmation_does_nothing_and_neither_does_a_clock_set_back",
            f"{_C}::test_nothing_happens_before_the_confirmation_and_then_once",
            f"{_C}::test_fifty_confirmations_at_the_same_moment_act_once",
        ),
    ),
    75: (
        "DNS lies and fails",
        (
            f"{_H}::test_while_dns_does_not_answer_nobody_is_believed_and_nobody_is_asked",
            f"{_H}::test_where_dns_never_answers_a_forged_mail_ends_in_one_question_to_the_address_on_file",
            f"{_AUTH}/test_resolver.py::test_one_message_gets_ten_seconds_and_a_hundred_questions",
        ),
    ),
}

NOT_BUILT: dict[int, str] = {
    42: "web forms and an API: there are none; a stranger's mail is a ticket and gets one text without echo",
    68: "formulas in exports to spreadsheets: there is no such export, only JSON",
}


@functools.cache
def named_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def test_every_number_has_its_tests_or_says_why_there_is_nothing_to_test() -> None:
    assert ROWS.keys() | NOT_BUILT.keys() == set(range(1, 76))
    assert not ROWS.keys() & NOT_BUILT.keys()


@pytest.mark.parametrize("number", sorted(ROWS))
def test_the_tests_of_a_number_exist(number: int) -> None:
    for name in ROWS[number][1]:
        file, _, function = name.partition("::")
        assert function in named_in(file), name
    assert ROWS[number][1]


def test_no_test_of_an_attack_stands_outside_the_table() -> None:
    """Each test of these five files belongs to a number, or is one of the machinery's own, named here."""
    listed = {name for _, names in ROWS.values() for name in names}
    own = {
        "test_a_mail_with_an_aligned_signature_is_answered_though_a_foreign_host_relayed_it",
        "test_a_person_s_yes_is_understood",
        "test_no_change_of_any_kind_happens_before_it_is_confirmed",
        "test_word_and_code_stand_on_no_line_together_and_the_code_never_in_the_subject",
        "test_another_person_s_confirmation_does_nothing_even_with_address_and_code",
        "test_a_newer_question_voids_the_older_one",
        "test_the_code_of_one_question_does_not_answer_another",
        "test_guessing_codes_from_outside_uses_up_none_of_her_tries_and_locks_nobody_out",
        "test_a_one_time_code_is_in_the_one_letter_that_asks_and_nowhere_else",
        "test_a_transfer_code_goes_to_the_admin_contact_whoever_asks_and_wherever_they_write_from",
        "test_a_secret_letter_that_can_never_be_delivered_is_emptied_too",
        "test_secrets_do_not_linger_in_the_files_of_the_database",
        "test_letters_are_written_to_addresses_on_record_only",
        "test_a_record_of_his_own_zone_speaks_for_his_zone_only",
    }
    for file in (_I, _C, _L, _H, _T):
        names = {name for name in named_in(file) if name.startswith("test_")}
        assert not {name for name in names if f"{file}::{name}" not in listed} - own, file


WORDS = {
    Verdict.DO: "done",
    Verdict.PROVE: "asked back",
    Verdict.CONFIRM: "confirmed by a word",
    Verdict.CODE: "confirmed by a code",
    Verdict.HUMAN: "ticket",
}


def test_the_documentation_shows_the_table_that_is_in_force() -> None:
    """What docs/trust.md says of each class and level is what `authorize` does."""
    text = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    for risk, letter in zip(Risk, ("R0", "R1", "R2", "R3", "R4", "H"), strict=True):
        (line,) = re.findall(rf"^\| {letter} [^|]*\|(.*)\|$", text, re.M)
        entry = next(iter(collect()))
        intent = replace(entry, risk=risk, permission=None, safe=False)
        who = Principal("Alice Martin", client_id="1001", email="alice@bakery.example")
        verdicts = [WORDS[authorize(replace(who, assurance=level), intent)] for level in Assurance]
        assert [cell.strip() for cell in line.split("|")] == verdicts, letter


def test_the_documentation_names_the_limits_that_are_in_force() -> None:
    text = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    limits = Limits()
    for said in (
        f"{confirming.CODES_PER_HOUR} an hour, {confirming.CODES_PER_DAY} a day",
        f"{confirming.WRONG_PER_DAY} a day, then",
        f"{answers.SECRETS_PER_DAY} a day |",
        f"{limits.automatic_per_address_hour} an hour, {limits.automatic_per_address_day} a day, "
        f"{limits.automatic_per_ticket_day} a day on one ticket",
        f"{limits.answers_per_address_hour} an hour |",
        f"{limits.tickets_per_address_hour} an hour; further",
        f"{limits.automatic_to_strangers_hour} an hour, one a day each",
        f"| {dialogs.LIFETIME.days * 24} hours | {confirming.CODE_LIFETIME.seconds // 60} minutes |",
    ):
        assert said in text, said
    assert (dialogs.TRIES, confirming.UNDO_LIFETIME.days, answers.SECRETS_APART.seconds) == (5, 7, 600)
