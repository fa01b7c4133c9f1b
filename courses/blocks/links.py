"""Which addresses authors may use, and what YouTube and Vimeo addresses mean. Pure: no Django, no network."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

# Ids of headings in content begin with this, so that they never meet ids of the page around them.
HEADING_PREFIX = "h-"
PLAYABLE_SUFFIXES = (".mp4", ".m4v", ".webm", ".ogv", ".mov", ".m3u8")
_YOUTUBE_HOSTS = {"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"}
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z")
_VIMEO_ID = re.compile(r"\d{5,12}\Z")
_VIMEO_HASH = re.compile(r"[0-9a-f]{6,20}\Z")


@dataclass(frozen=True)
class HostedVideo:
    """A video on YouTube or Vimeo. An unlisted Vimeo video carries its hash: ``123456789?h=0a1b2c3d4e``."""

    provider: str
    video_id: str

    @property
    def frame_url(self) -> str:
        if self.provider == "youtube":
            return f"https://www.youtube-nocookie.com/embed/{self.video_id}"
        return f"https://player.vimeo.com/video/{self.video_id}"


def is_web_url(url: str) -> bool:
    """Whether it is an absolute http(s) address with a host."""
    try:
        parts = urlsplit(url.strip())
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def is_safe_href(href: str) -> bool:
    """Whether a link in content may point there: http(s), mailto, a path of this site, or a fragment."""
    if href.startswith(("#", "/")) and not href.startswith("//"):
        return True
    return href.startswith("mailto:") or is_web_url(href)


def is_playable_url(url: str) -> bool:
    """Whether a <video> element can be expected to play this external address."""
    return is_web_url(url) and urlsplit(url).path.lower().endswith(PLAYABLE_SUFFIXES)


def parse_hosted_video(url: str) -> HostedVideo | None:
    """The YouTube or Vimeo video an address in any of their usual forms names, or ``None``."""
    if not is_web_url(url):
        return None
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    query = parse_qs(parts.query)
    if host == "youtu.be":
        return _youtube(steps[0] if steps else "")
    if host in _YOUTUBE_HOSTS:
        return _parse_youtube(steps, query)
    if host in {"vimeo.com", "player.vimeo.com"}:
        return _parse_vimeo(steps, query)
    return None


def _youtube(video_id: str) -> HostedVideo | None:
    return HostedVideo("youtube", video_id) if _YOUTUBE_ID.match(video_id) else None


def _parse_youtube(steps: list[str], query: dict[str, list[str]]) -> HostedVideo | None:
    if steps[:1] == ["watch"]:
        return _youtube(steps[1] if len(steps) > 1 else query.get("v", [""])[0])
    if len(steps) > 1 and steps[0] in {"embed", "shorts", "live", "v", "e"}:
        return _youtube(steps[1])
    return None


def _parse_vimeo(steps: list[str], query: dict[str, list[str]]) -> HostedVideo | None:
    """Handles /1, /1/hash, /video/1, /channels/x/1, /groups/x/videos/1, /showcase/x/video/1 and ?h=hash."""
    numbers = [place for place, step in enumerate(steps) if _VIMEO_ID.match(step)]
    if not numbers or (steps[0] in {"showcase", "album"} and "video" not in steps):
        return None
    place = numbers[-1]
    after = steps[place + 1] if place + 1 < len(steps) else ""
    secret = query.get("h", [after])[0]
    suffix = f"?h={secret}" if _VIMEO_HASH.match(secret) else ""
    return HostedVideo("vimeo", steps[place] + suffix)
