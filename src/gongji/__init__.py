"""Gongji 共济: settlement of 职工医保门诊共济, exact to the fen and explained by article."""

__version__ = "0.1.0"
