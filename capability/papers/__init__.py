"""Papers for print, the same from every service: type for old eyes, every sign of a name, Chinese line breaks."""
