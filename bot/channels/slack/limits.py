"""What Slack takes, in one place: lengths in characters, counts, and the names of its answers.

Slack truncates nothing for us: what is longer is refused, and the letter with it.
"""

from __future__ import annotations

SECTION = 3000
"""Text of a section."""
HEADER = 150
BUTTON_LABEL = 75
BUTTON_VALUE = 2000
BUTTONS_IN_A_BLOCK = 25
BLOCKS = 50
"""Of a message; a modal and the Home tab take 100."""
BLOCKS_OF_A_VIEW = 100
BLOCKS_LENGTH = 13_000
"""All blocks of one message. Not documented; about 13,200 was seen to be the end, so their JSON is kept below this."""
OPTION_TEXT = 75
OPTIONS = 100
MODAL_TITLE = 24
MODAL_SUBMIT = 24
INPUT = 3000
"""What a plain_text_input may be told to take."""
FILE = 20 * 1024 * 1024
"""Bytes of a file that we take from a chat."""

A_SECOND_PER_MESSAGE = 1.0
"""Slack takes one message a second for each channel, and a few more now and then."""
BURST = 3

GONE = frozenset(
    """
    channel_not_found is_archived user_not_found users_not_found user_not_visible user_disabled cannot_dm_bot
    not_in_channel restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
    restricted_action_non_threadable_channel restricted_action_thread_locked ekm_access_denied
    method_not_supported_for_channel_type thread_not_found cannot_reply_to_message
    """.split()
)
"""This conversation takes no message of ours, now and tomorrow; others do."""

STOPPED = frozenset(
    """
    invalid_auth not_authed token_revoked token_expired account_inactive org_login_required no_permission
    team_access_not_granted access_denied two_factor_setup_required
    """.split()
)
"""The app itself is shut out: an operator has to mend it. `account_inactive` speaks of the bot's own account."""

OURS = frozenset(
    """
    invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text invalid_arguments
    invalid_array_arg invalid_metadata_format invalid_metadata_schema metadata_too_large too_many_attachments
    """.split()
)
"""Our message is wrong, whoever it goes to."""

LOST = frozenset("message_not_found cant_update_message edit_window_closed".split())
"""A message that was to be edited can't be: it has to be posted anew."""

UPDATE_TEXT = 4000
"""Octets of the text of an edited message."""

UNCLEAR = frozenset("internal_error fatal_error request_timeout service_unavailable team_added_to_org".split())
"""It may have been posted all the same."""
