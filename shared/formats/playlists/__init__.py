"""Playlists: M3U, PLS, XSPF, JSPF, and the rules of smart ones."""
