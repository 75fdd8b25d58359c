"""Insight as one page that stands alone: no script, no request, charts beside tables, for day and night."""

from runtime.insight.report.page import page

__all__ = ["page"]
