"""Whether a course is fit to be reviewed: checks of its working copy, in words an editor can act on."""
