"""Reading of marked sheets from photographs and scans: which page it is, and which boxes have ink in them.

Pure functions on pixels. `worker` runs them in a process of its own and needs nothing installed; the others need the
extra `lvzhi[scan]`.
"""
