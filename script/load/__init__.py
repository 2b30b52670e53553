"""Loads a real server over its wire: what script/bench and its sisters share."""
