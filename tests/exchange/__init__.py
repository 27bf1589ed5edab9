"""nbgrader's exchange, from released notebooks to fetched feedback pages, among several users of one system."""
