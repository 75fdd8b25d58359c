"""The pages of the editor: one panel a file, drawn with NiceGUI over the state of a page."""
