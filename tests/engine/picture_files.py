"""Small real pictures, made with Pillow."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw


def photo(width: int, height: int, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture with soft colours, as cameras make them."""
    picture = Image.merge("RGB", [Image.radial_gradient("L").resize((width, height)) for _ in range(3)])
    noise = Image.effect_noise((width, height), 20).convert("RGB")
    return saved(Image.blend(picture, noise, 0.15), kind, **options)


def drawing(width: int, height: int, kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    """Return a picture of few colours with sharp edges."""
    picture = Image.new(mode, (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for number in range(0, width, 40):
        pen.line((number, 0, width - number, height), fill="black", width=3)
    return saved(picture, kind, **options)


def moving(kind: str = "GIF") -> bytes:
    """Return a picture of three frames."""
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return the bytes of a picture file."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return the picture, wholly read."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
