"""Addresses in content: what YouTube and Vimeo links mean, what may be linked at all."""

import pytest

from courses.blocks.links import HostedVideo, is_playable_url, is_safe_href, is_web_url, parse_hosted_video

YOUTUBE = HostedVideo("youtube", "O4dd172mZhs")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=O4dd172mZhs",
        "http://youtube.com/watch?v=O4dd172mZhs&t=42s",
        "https://www.youtube.com/watch?feature=share&v=O4dd172mZhs&list=PLx",
        "https://m.youtube.com/watch?v=O4dd172mZhs",
        "https://music.youtube.com/watch?v=O4dd172mZhs",
        "https://youtu.be/O4dd172mZhs",
        "https://youtu.be/O4dd172mZhs?si=abc&t=3",
        "https://www.youtube.com/embed/O4dd172mZhs?rel=0",
        "https://www.youtube-nocookie.com/embed/O4dd172mZhs",
        "https://www.youtube.com/shorts/O4dd172mZhs",
        "https://www.youtube.com/live/O4dd172mZhs?feature=share",
        "https://www.youtube.com/v/O4dd172mZhs",
        " https://www.youtube.com/watch?v=O4dd172mZhs ",
    ],
)
def test_parse_hosted_video_reads_youtube_addresses(url: str) -> None:
    assert parse_hosted_video(url) == YOUTUBE


@pytest.mark.parametrize(
    ("url", "video_id"),
    [
        ("https://vimeo.com/76979871", "76979871"),
        ("https://www.vimeo.com/76979871#t=10s", "76979871"),
        ("https://vimeo.com/76979871/0a1b2c3d4e", "76979871?h=0a1b2c3d4e"),
        ("https://player.vimeo.com/video/76979871", "76979871"),
        ("https://player.vimeo.com/video/76979871?h=0a1b2c3d4e", "76979871?h=0a1b2c3d4e"),
        ("https://vimeo.com/channels/staffpicks/76979871", "76979871"),
        ("https://vimeo.com/groups/name/videos/76979871", "76979871"),
        ("https://vimeo.com/showcase/1234567/video/76979871", "76979871"),
    ],
)
def test_parse_hosted_video_reads_vimeo_addresses(url: str, video_id: str) -> None:
    assert parse_hosted_video(url) == HostedVideo("vimeo", video_id)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "O4dd172mZhs",
        "https://www.youtube.com/",
        "https://www.youtube.com/playlist?list=PLmsFUfdnGr3xRts0TIwyaHyQuHaNQcb6-",
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/watch?v=short",
        "https://youtube.com.evil.example/watch?v=O4dd172mZhs",
        "https://evil.example/youtube.com/watch?v=O4dd172mZhs",
        "javascript:alert('https://youtu.be/O4dd172mZhs')",
        "https://vimeo.com/features",
        "https://vimeo.com/showcase/1234567",
        "https://[bad",
    ],
)
def test_parse_hosted_video_leaves_other_addresses(url: str) -> None:
    assert parse_hosted_video(url) is None


def test_hosted_video_frames_keep_no_cookies() -> None:
    assert YOUTUBE.frame_url == "https://www.youtube-nocookie.com/embed/O4dd172mZhs"
    assert HostedVideo("vimeo", "76979871").frame_url == "https://player.vimeo.com/video/76979871"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://cdn.example.com/a.mp4", True),
        ("https://cdn.example.com/a.WEBM?token=1", True),
        ("https://cdn.example.com/live/index.m3u8", True),
        ("https://cdn.example.com/page?file=a.mp4", False),
        ("ftp://cdn.example.com/a.mp4", False),
    ],
)
def test_is_playable_url_goes_by_the_path(url: str, expected: bool) -> None:
    assert is_playable_url(url) is expected


@pytest.mark.parametrize(
    "href", ["https://example.com", "http://example.com/a", "mailto:a@example.com", "#part", "/courses/a/"]
)
def test_is_safe_href_accepts_web_mail_and_own_paths(href: str) -> None:
    assert is_safe_href(href)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "vbscript:x",
        "file:///etc",
        "a.md",
    ],
)
def test_is_safe_href_refuses_everything_else(href: str) -> None:
    assert not is_safe_href(href)


def test_is_web_url_needs_a_host() -> None:
    assert [is_web_url(url) for url in ("https://", "https:///a", "http://a.example")] == [False, False, True]
