"""The demonstration courses: course packs, their media, and the scripts that drew and recorded the media."""
