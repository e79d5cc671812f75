"""The desk's own pages: what no mail may carry is opened here, once."""
