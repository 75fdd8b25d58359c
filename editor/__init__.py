"""The editor: draw a flow in the browser, and run it there."""
