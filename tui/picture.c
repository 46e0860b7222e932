#include "tui/picture.h"

#ifdef WITH_IMAGES

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <chafa.h>
#include <jpeglib.h>
#include <png.h>

#include "base/library.h"
#include "base/utf8.h"

enum { PIXEL_LIMIT = 40 * 1000 * 1000, MOST_COLUMNS = 120, MOST_ROWS = 40, CHANNELS = 4 };

struct pixels {
	uint8_t *bytes; /* red, green, blue and alpha of each, row by row */
	unsigned width, height;
};

static const char NO_IMAGE[] = "This is no such image, or one that is too large.";
#define NOT_LOADED(name) "It can't be painted: " LIBRARY_TEXT(name) " can't be loaded."

/* The functions that are used, without `png_`, `jpeg_` and `chafa_`. */
#define PNG_FUNCTIONS(use) use(image_begin_read_from_memory) use(image_finish_read) use(image_free)
#define JPEG_FUNCTIONS(use)                                                                                            \
	use(CreateDecompress) use(destroy_decompress) use(finish_decompress) use(mem_src) use(read_header)                 \
	    use(read_scanlines) use(start_decompress) use(std_error)
#define CHAFA_FUNCTIONS(use)                                                                                           \
	use(calc_canvas_geometry) use(canvas_config_new) use(canvas_config_set_bg_color)                                   \
	    use(canvas_config_set_canvas_mode) use(canvas_config_set_geometry) use(canvas_config_set_symbol_map)           \
	        use(canvas_config_unref) use(canvas_draw_all_pixels) use(canvas_get_char_at) use(canvas_get_raw_colors_at) \
	            use(canvas_new) use(canvas_unref) use(symbol_map_add_by_tags) use(symbol_map_new)                      \
	                use(symbol_map_unref) CHAFA_THREADS(use)
#ifdef CHAFA_VERSION_1_10
#define CHAFA_THREADS(use) use(set_n_threads)
#else
#define CHAFA_THREADS(use)
#endif

#define PNG_MEMBER(function) LIBRARY_MEMBER(function, png_##function)
#define JPEG_MEMBER(function) LIBRARY_MEMBER(function, jpeg_##function)
#define CHAFA_MEMBER(function) LIBRARY_MEMBER(function, chafa_##function)
struct png {
	PNG_FUNCTIONS(PNG_MEMBER)
};
struct jpeg {
	JPEG_FUNCTIONS(JPEG_MEMBER)
};
struct chafa {
	CHAFA_FUNCTIONS(CHAFA_MEMBER)
};

static bool load_png(struct png *png)
{
#define FILL_PNG(function) &&LIBRARY_FILL(library, &png->function, png_##function)
	void *library = LIBRARY_OPEN(LIBRARY_libpng);
	return library PNG_FUNCTIONS(FILL_PNG);
}

static bool load_jpeg(struct jpeg *jpeg)
{
#define FILL_JPEG(function) &&LIBRARY_FILL(library, &jpeg->function, jpeg_##function)
	void *library = LIBRARY_OPEN(LIBRARY_libjpeg);
	return library JPEG_FUNCTIONS(FILL_JPEG);
}

static bool load_chafa(struct chafa *chafa)
{
#define FILL_CHAFA(function) &&LIBRARY_FILL(library, &chafa->function, chafa_##function)
	void *library = LIBRARY_OPEN(LIBRARY_chafa);
	return library CHAFA_FUNCTIONS(FILL_CHAFA);
}

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

/* Null, or what is wrong. */
static const char *read_png(struct arena *arena, struct slice bytes, struct pixels *pixels)
{
	struct png png;
	if (!load_png(&png))
		return NOT_LOADED(LIBRARY_libpng);
	png_image image = {.version = PNG_IMAGE_VERSION};
	if (!png.image_begin_read_from_memory(&image, bytes.bytes, bytes.length))
		return NO_IMAGE;
	if (!is_fit(image.width, image.height)) {
		png.image_free(&image);
		return NO_IMAGE;
	}
	image.format = PNG_FORMAT_RGBA;
	*pixels =
	    (struct pixels){arena_array(arena, (size_t)image.width * image.height, CHANNELS), image.width, image.height};
	return png.image_finish_read(&image, NULL, pixels->bytes, 0, NULL) ? NULL : NO_IMAGE;
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

/* Null, or what is wrong. */
static const char *read_jpeg(struct arena *arena, struct slice bytes, struct pixels *pixels)
{
	struct jpeg jpeg;
	if (!load_jpeg(&jpeg))
		return NOT_LOADED(LIBRARY_libjpeg);
	struct jpeg_decompress_struct info;
	struct jpeg_errors errors;
	info.err = jpeg.std_error(&errors.manager);
	errors.manager.error_exit = jpeg_failed;
	errors.manager.output_message = jpeg_silent;
	if (setjmp(errors.jump)) {
		jpeg.destroy_decompress(&info);
		return NO_IMAGE;
	}
	jpeg.CreateDecompress(&info, JPEG_LIB_VERSION, sizeof info); /* what jpeg_create_decompress() is a macro for */
	jpeg.mem_src(&info, (const unsigned char *)bytes.bytes, (unsigned long)bytes.length);
	jpeg.read_header(&info, TRUE);
	info.out_color_space = JCS_RGB;
	bool fits = is_fit(info.image_width, info.image_height);
	if (fits) {
		jpeg.start_decompress(&info);
		size_t width = info.output_width;
		*pixels = (struct pixels){arena_array(arena, width * info.output_height, CHANNELS), info.output_width,
		                          info.output_height};
		uint8_t *row = arena_array(arena, width, 3);
		while (info.output_scanline < info.output_height) {
			uint8_t *to = pixels->bytes + (size_t)info.output_scanline * width * CHANNELS;
			jpeg.read_scanlines(&info, &row, 1);
			for (size_t at = 0; at < width; at++) {
				memcpy(to + at * CHANNELS, row + at * 3, 3);
				to[at * CHANNELS + 3] = 255;
			}
		}
		jpeg.finish_decompress(&info);
	}
	jpeg.destroy_decompress(&info);
	return fits ? NULL : NO_IMAGE;
}

/* --- cells --- */

static ChafaCanvasMode mode_of(int colours)
{
	return colours >= 256  ? CHAFA_CANVAS_MODE_INDEXED_240
	       : colours >= 16 ? CHAFA_CANVAS_MODE_INDEXED_16
	       : colours >= 8  ? CHAFA_CANVAS_MODE_INDEXED_8
	                       : CHAFA_CANVAS_MODE_FGBG;
}

static ChafaCanvas *paint(const struct chafa *chafa, const struct pixels *pixels, int columns, int rows, int colours,
                          bool ascii)
{
	ChafaSymbolMap *symbols = chafa->symbol_map_new();
	chafa->symbol_map_add_by_tags(symbols,
	                              ascii ? CHAFA_SYMBOL_TAG_ASCII
	                                    : CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_BLOCK | CHAFA_SYMBOL_TAG_BORDER);
	ChafaCanvasConfig *config = chafa->canvas_config_new();
	chafa->canvas_config_set_geometry(config, columns, rows);
	chafa->canvas_config_set_canvas_mode(config, mode_of(colours));
	chafa->canvas_config_set_symbol_map(config, symbols);
	chafa->canvas_config_set_bg_color(config, 0xffffff); /* plots are drawn on paper */
#ifdef CHAFA_VERSION_1_10
	chafa->set_n_threads(1); /* a picture is small, and glib keeps threads, and their memory, past the end */
#endif
	ChafaCanvas *canvas = chafa->canvas_new(config);
	chafa->canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, pixels->bytes, (gint)pixels->width,
	                              (gint)pixels->height, (gint)(pixels->width * CHANNELS));
	chafa->canvas_config_unref(config);
	chafa->symbol_map_unref(symbols);
	return canvas;
}

static struct look cell_look(const struct chafa *chafa, const ChafaCanvas *canvas, int column, int row, int colours)
{
	struct look look = look_of(SLOT_OUTPUT);
	gint foreground = -1, background = -1;
	if (colours >= 8)
		chafa->canvas_get_raw_colors_at((ChafaCanvas *)(uintptr_t)canvas, column, row, &foreground, &background);
	look.foreground = (int16_t)(foreground >= 0 && foreground < 256 ? foreground : NO_COLOR);
	look.background = (int16_t)(background >= 0 && background < 256 ? background : NO_COLOR);
	return look;
}

static void add_rows(const struct chafa *chafa, struct document *document, ChafaCanvas *canvas, int columns, int rows,
                     int colours)
{
	for (int row = 0; row < rows; row++) {
		struct line line = {0};
		struct builder text = {.arena = document->arena};
		struct look look = {0};
		for (int column = 0; column < columns; column++) {
			struct look here = cell_look(chafa, canvas, column, row, colours);
			gunichar character = chafa->canvas_get_char_at(canvas, column, row);
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

const char *picture_add(struct document *document, struct slice type, struct slice text, int most_rows, int colours,
                        bool ascii)
{
	struct chafa functions, *chafa = &functions;
	struct pixels pixels = {0};
	struct arena *scratch = arena_child(document->arena);
	struct slice bytes = base64_decode(scratch, text);
	const char *problem = !load_chafa(chafa)                      ? NOT_LOADED(LIBRARY_chafa)
	                      : slice_equal(type, SLICE("image/png")) ? read_png(scratch, bytes, &pixels)
	                                                              : read_jpeg(scratch, bytes, &pixels);
	if (!problem) {
		int columns = document_room(document), rows = most_rows ? most_rows : MOST_ROWS;
		if (!most_rows)
			columns = columns < MOST_COLUMNS ? columns : MOST_COLUMNS;
		chafa->calc_canvas_geometry((gint)pixels.width, (gint)pixels.height, &columns, &rows, 0.5f, most_rows > 0,
		                            FALSE);
		columns = columns < 1 ? 1 : columns;
		rows = rows < 1 ? 1 : rows;
		ChafaCanvas *canvas = paint(chafa, &pixels, columns, rows, colours, ascii);
		add_rows(chafa, document, canvas, columns, rows, colours);
		chafa->canvas_unref(canvas);
	}
	arena_free(scratch);
	return problem;
}

#else

bool picture_is_known(struct slice type)
{
	(void)type;
	return false;
}

const char *picture_add(struct document *document, struct slice type, struct slice text, int most_rows, int colours,
                        bool ascii)
{
	(void)document, (void)type, (void)text, (void)most_rows, (void)colours, (void)ascii;
	return "nbscope was built without what paints images.";
}

#endif
