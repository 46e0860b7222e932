#include "tui/picture.h"

#ifdef WITH_IMAGES

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <chafa.h>
#include <jpeglib.h>
#include <png.h>

#include "base/utf8.h"

enum { PIXEL_LIMIT = 40 * 1000 * 1000, MOST_COLUMNS = 120, MOST_ROWS = 40, CHANNELS = 4 };

struct pixels {
	uint8_t *bytes; /* red, green, blue and alpha of each, row by row */
	unsigned width, height;
};

/* The bytes that a base64 text (RFC 4648) stands for; blanks and line ends are skipped. */
static struct slice base64_decode(struct arena *arena, struct slice text)
{
	uint8_t *bytes = arena_alloc(arena, text.length / 4 * 3 + 3);
	size_t length = 0;
	uint32_t group = 0;
	unsigned bits = 0;
	for (size_t at = 0; at < text.length && text.bytes[at] != '='; at++) {
		char digit = text.bytes[at];
		uint32_t value;
		if (digit >= 'A' && digit <= 'Z')
			value = (uint32_t)(digit - 'A');
		else if (digit >= 'a' && digit <= 'z')
			value = (uint32_t)(digit - 'a' + 26);
		else if (digit >= '0' && digit <= '9')
			value = (uint32_t)(digit - '0' + 52);
		else if (digit == '+' || digit == '/')
			value = digit == '+' ? 62 : 63;
		else
			continue;
		group = (group << 6 | value) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[length++] = (uint8_t)(group >> bits);
		}
	}
	return (struct slice){(const char *)bytes, length};
}

static bool is_fit(unsigned long width, unsigned long height)
{
	return width > 0 && height > 0 && width <= PIXEL_LIMIT && height <= PIXEL_LIMIT / width;
}

static bool read_png(struct arena *arena, struct slice bytes, struct pixels *pixels)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	if (!png_image_begin_read_from_memory(&image, bytes.bytes, bytes.length))
		return false;
	if (!is_fit(image.width, image.height)) {
		png_image_free(&image);
		return false;
	}
	image.format = PNG_FORMAT_RGBA;
	*pixels =
	    (struct pixels){arena_array(arena, (size_t)image.width * image.height, CHANNELS), image.width, image.height};
	return png_image_finish_read(&image, NULL, pixels->bytes, 0, NULL) != 0;
}

/* libjpeg ends the process where an error is not caught. */
struct jpeg_errors {
	struct jpeg_error_mgr manager; /* first, so that the one can be seen as the other */
	jmp_buf jump;
};

static void jpeg_failed(j_common_ptr info)
{
	longjmp(((struct jpeg_errors *)info->err)->jump, 1);
}

static void jpeg_silent(j_common_ptr info)
{
	(void)info;
}

static bool read_jpeg(struct arena *arena, struct slice bytes, struct pixels *pixels)
{
	struct jpeg_decompress_struct info;
	struct jpeg_errors errors;
	info.err = jpeg_std_error(&errors.manager);
	errors.manager.error_exit = jpeg_failed;
	errors.manager.output_message = jpeg_silent;
	if (setjmp(errors.jump)) {
		jpeg_destroy_decompress(&info);
		return false;
	}
	jpeg_create_decompress(&info);
	jpeg_mem_src(&info, (const unsigned char *)bytes.bytes, (unsigned long)bytes.length);
	jpeg_read_header(&info, TRUE);
	info.out_color_space = JCS_RGB;
	bool fits = is_fit(info.image_width, info.image_height);
	if (fits) {
		jpeg_start_decompress(&info);
		size_t width = info.output_width;
		*pixels = (struct pixels){arena_array(arena, width * info.output_height, CHANNELS), info.output_width,
		                          info.output_height};
		uint8_t *row = arena_array(arena, width, 3);
		while (info.output_scanline < info.output_height) {
			uint8_t *to = pixels->bytes + (size_t)info.output_scanline * width * CHANNELS;
			jpeg_read_scanlines(&info, &row, 1);
			for (size_t at = 0; at < width; at++) {
				memcpy(to + at * CHANNELS, row + at * 3, 3);
				to[at * CHANNELS + 3] = 255;
			}
		}
		jpeg_finish_decompress(&info);
	}
	jpeg_destroy_decompress(&info);
	return fits;
}

/* --- cells --- */

static ChafaCanvasMode mode_of(int colours)
{
	return colours >= 256  ? CHAFA_CANVAS_MODE_INDEXED_240
	       : colours >= 16 ? CHAFA_CANVAS_MODE_INDEXED_16
	       : colours >= 8  ? CHAFA_CANVAS_MODE_INDEXED_8
	                       : CHAFA_CANVAS_MODE_FGBG;
}

static ChafaCanvas *paint(const struct pixels *pixels, int columns, int rows, int colours, bool ascii)
{
	ChafaSymbolMap *symbols = chafa_symbol_map_new();
	chafa_symbol_map_add_by_tags(symbols,
	                             ascii ? CHAFA_SYMBOL_TAG_ASCII
	                                   : CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_BLOCK | CHAFA_SYMBOL_TAG_BORDER);
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	chafa_canvas_config_set_geometry(config, columns, rows);
	chafa_canvas_config_set_canvas_mode(config, mode_of(colours));
	chafa_canvas_config_set_symbol_map(config, symbols);
	chafa_canvas_config_set_bg_color(config, 0xffffff); /* plots are drawn on paper */
#ifdef CHAFA_VERSION_1_10
	chafa_set_n_threads(1); /* a picture is small, and glib keeps threads, and their memory, past the end */
#endif
	ChafaCanvas *canvas = chafa_canvas_new(config);
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, pixels->bytes, (gint)pixels->width,
	                             (gint)pixels->height, (gint)(pixels->width * CHANNELS));
	chafa_canvas_config_unref(config);
	chafa_symbol_map_unref(symbols);
	return canvas;
}

static struct look cell_look(const ChafaCanvas *canvas, int column, int row, int colours)
{
	struct look look = look_of(SLOT_OUTPUT);
	gint foreground = -1, background = -1;
	if (colours >= 8)
		chafa_canvas_get_raw_colors_at((ChafaCanvas *)(uintptr_t)canvas, column, row, &foreground, &background);
	look.foreground = (int16_t)(foreground >= 0 && foreground < 256 ? foreground : NO_COLOR);
	look.background = (int16_t)(background >= 0 && background < 256 ? background : NO_COLOR);
	return look;
}

static void add_rows(struct document *document, ChafaCanvas *canvas, int columns, int rows, int colours)
{
	for (int row = 0; row < rows; row++) {
		struct line line = {0};
		struct builder text = {.arena = document->arena};
		struct look look = {0};
		for (int column = 0; column < columns; column++) {
			struct look here = cell_look(canvas, column, row, colours);
			gunichar character = chafa_canvas_get_char_at(canvas, column, row);
			bool same = here.foreground == look.foreground && here.background == look.background;
			if (text.length && !same) {
				line_add_look(document->arena, &line, look, slice_copy(document->arena, builder_slice(&text)));
				text.length = 0;
			}
			char bytes[UTF8_MAX];
			look = here;
			builder_add(&text, (struct slice){bytes, utf8_encode(character ? character : ' ', bytes)});
		}
		line_add_look(document->arena, &line, look, builder_slice(&text));
		document_add(document, line);
	}
}

bool picture_is_known(struct slice type)
{
	return slice_equal(type, SLICE("image/png")) || slice_equal(type, SLICE("image/jpeg"));
}

bool picture_add(struct document *document, struct slice type, struct slice text, int most_rows, int colours,
                 bool ascii)
{
	struct pixels pixels = {0};
	struct arena *scratch = arena_child(document->arena);
	struct slice bytes = base64_decode(scratch, text);
	bool read =
	    slice_equal(type, SLICE("image/png")) ? read_png(scratch, bytes, &pixels) : read_jpeg(scratch, bytes, &pixels);
	if (read) {
		int columns = document_room(document), rows = most_rows ? most_rows : MOST_ROWS;
		if (!most_rows)
			columns = columns < MOST_COLUMNS ? columns : MOST_COLUMNS;
		chafa_calc_canvas_geometry((gint)pixels.width, (gint)pixels.height, &columns, &rows, 0.5f, most_rows > 0,
		                           FALSE);
		columns = columns < 1 ? 1 : columns;
		rows = rows < 1 ? 1 : rows;
		ChafaCanvas *canvas = paint(&pixels, columns, rows, colours, ascii);
		add_rows(document, canvas, columns, rows, colours);
		chafa_canvas_unref(canvas);
	}
	arena_free(scratch);
	return read;
}

#else

bool picture_is_known(struct slice type)
{
	(void)type;
	return false;
}

bool picture_add(struct document *document, struct slice type, struct slice text, int most_rows, int colours,
                 bool ascii)
{
	(void)document, (void)type, (void)text, (void)most_rows, (void)colours, (void)ascii;
	return false;
}

#endif
