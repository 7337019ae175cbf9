"""An image file becomes what every viewer shows of it: upright, on white, from 0 to 1."""

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from cnnlab.views import FilterLab
from cnnlab.views.shared import image_files
from cnnlab.views.shared.image_files import read_image
from cnnlab.views.shared.inputs import image_from_bytes

COLOURS = np.array(
    [[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[255, 255, 255], [0, 0, 0], [51, 102, 204]]],
    np.uint8,
)
GREYS = np.array([[0, 51, 102], [153, 204, 255]], np.uint8)


def stored(picture, file_format="PNG", **options):
    """A picture as a file that was written in this format."""
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return io.BytesIO(file.getvalue())


def shown(picture, file_format="PNG", **options):
    return read_image(stored(picture, file_format, **options), 160)[0]


@pytest.mark.parametrize("tag", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF"])
def test_a_photograph_stands_as_its_note_says(tag, file_format):
    pixels = np.zeros((24, 40, 3), np.uint8)
    pixels[:8, :8] = 255, 0, 0
    pixels[16:, :8] = 0, 0, 255
    picture = Image.fromarray(pixels)
    exif = picture.getexif()
    exif[image_files.ORIENTATION] = tag
    file = stored(picture, file_format, exif=exif)
    right = np.asarray(ImageOps.exif_transpose(Image.open(file)).convert("RGB")) / 255
    image, size = read_image(file, 160)
    assert size == image.shape[:2] == ((40, 24) if tag > 4 else (24, 40))
    np.testing.assert_allclose(image, right, atol=1e-6)


def test_a_photograph_of_a_telephone_stands_up_in_the_filter_lab(tmp_path):
    picture = Image.fromarray(np.zeros((20, 30, 3), np.uint8))
    exif = picture.getexif()
    exif[image_files.ORIENTATION] = 6
    picture.save(tmp_path / "a.jpg", exif=exif)
    view = FilterLab(str(tmp_path / "a.jpg"))
    assert view.x.shape[:2] == (30, 20)


def test_colours_greys_and_palettes_are_read_as_they_are():
    colour, grey = Image.fromarray(COLOURS), Image.fromarray(GREYS)
    for picture in (
        colour,
        colour.convert("P", palette=Image.Palette.ADAPTIVE),
        colour.convert("RGBA"),
    ):
        np.testing.assert_allclose(shown(picture), COLOURS / 255, atol=1e-6)
    for picture in (grey, grey.convert("LA")):
        np.testing.assert_allclose(shown(picture), GREYS[..., None] / 255, atol=1e-6)
    np.testing.assert_array_equal(shown(Image.fromarray(GREYS > 127)), (GREYS > 127)[..., None])
    np.testing.assert_allclose(shown(colour.convert("CMYK"), "TIFF"), COLOURS / 255, atol=0.01)


@pytest.mark.parametrize(
    "byte_order, file_format",
    [("<", "PNG"), (">", "PNG"), ("<", "TIFF"), (">", "TIFF"), ("<", "PPM")],
)
def test_sixteen_bits_are_as_light_as_eight(byte_order, file_format):
    sixteen = Image.fromarray((GREYS.astype("<u2") * 257).astype(byte_order + "u2"))
    np.testing.assert_allclose(shown(sixteen, file_format), GREYS[..., None] / 255, atol=1e-4)


def test_what_is_transparent_lies_on_white():
    alpha = np.array([[0, 128, 255], [255, 0, 64]], np.uint8)
    share = alpha[..., None] / 255
    right = COLOURS / 255 * share + 1 - share
    np.testing.assert_allclose(
        shown(Image.fromarray(np.dstack([COLOURS, alpha]))), right, atol=1e-6
    )
    image = Image.fromarray(np.dstack([COLOURS, alpha]))
    webp = shown(image, "WEBP", lossless=True, exact=True)
    np.testing.assert_allclose(webp, right, atol=0.02)
    grey = Image.fromarray(np.dstack([GREYS, alpha]), "LA")
    np.testing.assert_allclose(shown(grey), GREYS[..., None] / 255 * share + 1 - share, atol=1e-6)


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_a_colour_that_stands_for_transparent_is_white(mode):
    picture = Image.new(mode, (3, 2), (9, 9, 9) if mode == "RGB" else 7)
    if mode == "P":
        picture.putpalette([9, 9, 9] * 256)
    clear = (9, 9, 9) if mode == "RGB" else 7
    assert shown(picture).max() < 0.1 and shown(picture, transparency=clear).min() == 1


def test_floats_from_0_to_1_are_read_and_others_refused_with_their_range():
    light = np.linspace(0, 1, 6, dtype=np.float32).reshape(2, 3)
    np.testing.assert_array_equal(shown(Image.fromarray(light), "TIFF"), light[..., None])
    for beyond in (light * 255, light - 0.5, light.astype(np.int32) * 100_000):
        with pytest.raises(
            ValueError, match=r"holds values from \S+ to \S+: give an array that goes from 0 to 1"
        ):
            shown(Image.fromarray(beyond), "TIFF")


def test_of_an_animation_the_first_frame_is_shown():
    first, second = Image.new("RGB", (4, 3), "red"), Image.new("RGB", (4, 3), "blue")
    for file_format in ("GIF", "PNG", "WEBP"):
        image = shown(first, file_format, save_all=True, append_images=[second])
        np.testing.assert_allclose(image, np.broadcast_to([1, 0, 0], (3, 4, 3)), atol=0.02)


@pytest.mark.slow
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from([1, 5, 16]), st.integers(1, 4000))
def test_shrinking_by_tiles_of_any_size_gives_the_mean_of_each_area(H, W, longest, tile):
    pixels = np.random.default_rng(H * W).integers(0, 256, (H, W), np.uint8)
    step = max(1, max(H, W) // longest // 2)
    kept, image_files.TILE = image_files.TILE, tile
    try:
        image, size = read_image(stored(Image.fromarray(pixels)), longest)
    finally:
        image_files.TILE = kept
    assert size == (H, W)
    right = [
        [pixels[i : i + step, j : j + step].mean() for j in range(0, W, step)]
        for i in range(0, H, step)
    ]
    np.testing.assert_allclose(image[..., 0] * 255, right, atol=1.01)  # bytes


def png_of_zeros(path, side):
    """A PNG of a few kilobytes that says it has this many rows and columns."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    packer, body, row = zlib.compressobj(9), [], bytes(1 + 3 * side)
    body += [packer.compress(row) for _ in range(min(side, 400))]
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = (
        chunk(b"IHDR", header),
        chunk(b"IDAT", b"".join(body) + packer.flush()),
        chunk(b"IEND", b""),
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(side, tmp_path):
    path = png_of_zeros(tmp_path / "a.png", side)
    tracemalloc.start()
    with pytest.raises(
        ValueError, match="has more than 50 megapixels, too many to open: save it smaller, or give"
    ):
        FilterLab(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 23
    tracemalloc.stop()


def test_what_is_cut_short_or_no_picture_gets_one_sentence(tmp_path):
    whole = stored(
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8))
    ).getvalue()
    for number, content in enumerate(
        [b"", b"words", whole[:50], whole[:900], b"%!PS-Adobe-3.0 EPSF-3.0\n"]
    ):
        (tmp_path / f"{number}.png").write_bytes(content)
        with pytest.raises(
            ValueError,
            match="is not a picture that can be read: give a PNG or JPEG file",
        ):
            FilterLab(tmp_path / f"{number}.png")
    with pytest.raises(ValueError, match="is not a picture that can be read"):
        FilterLab(tmp_path)


def test_the_smallest_picture_is_one():
    image, size = read_image(stored(Image.new("L", (1, 1), 255)), 160)
    assert size == (1, 1) and image.tolist() == [[[1.0]]]


@pytest.mark.parametrize(
    "H, W, sent", [(2, 3, 23), (2, 3, 28), (0, 3, 0), (-2, -3, 24), (100_000, 1, 400_000)]
)
def test_a_picture_of_the_browser_must_agree_with_its_bytes(H, W, sent):
    with pytest.raises(ValueError, match=rf"a picture of {H} x {W} came with {sent:,} bytes"):
        image_from_bytes({"height": H, "width": W}, [bytes(sent)])
    with pytest.raises(ValueError, match="came with 0 bytes"):
        image_from_bytes({"height": 2, "width": 2}, [])
