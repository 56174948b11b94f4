"""Questions about policies as people ask them: of files, of functions of a tree, of two revisions of it."""
