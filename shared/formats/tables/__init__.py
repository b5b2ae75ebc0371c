"""Tables of tracks, works and contributors: CSV, TSV and workbooks."""
