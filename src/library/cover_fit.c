#include "library/cover_fit.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <jpeglib.h>

#include "base/lazy.h"
#include "edition/cover.h"

const struct cover_bounds cover_bounds_tag = {1, COVER_LIMIT_PX, COVER_LIMIT_BYTES};
const struct cover_bounds cover_bounds_feed = {1400, 3000, (size_t)512 * 1000};

#define SIDE_LIMIT_PX 20000
#define SCANS_LIMIT 100 /* of a progressive JPEG: more serve only to cost time */

static struct {
    __typeof__(cairo_image_surface_create) *cairo_image_surface_create;
    __typeof__(cairo_image_surface_create_from_png_stream) *cairo_image_surface_create_from_png_stream;
    __typeof__(cairo_image_surface_get_data) *cairo_image_surface_get_data;
    __typeof__(cairo_image_surface_get_stride) *cairo_image_surface_get_stride;
    __typeof__(cairo_image_surface_get_width) *cairo_image_surface_get_width;
    __typeof__(cairo_image_surface_get_height) *cairo_image_surface_get_height;
    __typeof__(cairo_surface_flush) *cairo_surface_flush;
    __typeof__(cairo_surface_mark_dirty) *cairo_surface_mark_dirty;
    __typeof__(cairo_surface_status) *cairo_surface_status;
    __typeof__(cairo_surface_destroy) *cairo_surface_destroy;
    __typeof__(cairo_create) *cairo_create;
    __typeof__(cairo_destroy) *cairo_destroy;
    __typeof__(cairo_status) *cairo_status;
    __typeof__(cairo_scale) *cairo_scale;
    __typeof__(cairo_set_source_rgb) *cairo_set_source_rgb;
    __typeof__(cairo_set_source_surface) *cairo_set_source_surface;
    __typeof__(cairo_get_source) *cairo_get_source;
    __typeof__(cairo_pattern_set_filter) *cairo_pattern_set_filter;
    __typeof__(cairo_pattern_set_extend) *cairo_pattern_set_extend;
    __typeof__(cairo_paint) *cairo_paint;
} cairo;
static struct {
    __typeof__(jpeg_std_error) *jpeg_std_error;
    __typeof__(jpeg_CreateDecompress) *jpeg_CreateDecompress;
    __typeof__(jpeg_mem_src) *jpeg_mem_src;
    __typeof__(jpeg_read_header) *jpeg_read_header;
    __typeof__(jpeg_start_decompress) *jpeg_start_decompress;
    __typeof__(jpeg_read_scanlines) *jpeg_read_scanlines;
    __typeof__(jpeg_finish_decompress) *jpeg_finish_decompress;
    __typeof__(jpeg_destroy_decompress) *jpeg_destroy_decompress;
    __typeof__(jpeg_CreateCompress) *jpeg_CreateCompress;
    __typeof__(jpeg_mem_dest) *jpeg_mem_dest;
    __typeof__(jpeg_set_defaults) *jpeg_set_defaults;
    __typeof__(jpeg_set_quality) *jpeg_set_quality;
    __typeof__(jpeg_start_compress) *jpeg_start_compress;
    __typeof__(jpeg_write_scanlines) *jpeg_write_scanlines;
    __typeof__(jpeg_finish_compress) *jpeg_finish_compress;
    __typeof__(jpeg_destroy_compress) *jpeg_destroy_compress;
} jpeg;

static enum status load(struct problem *problem)
{
    static const struct lazy_symbol cairo_symbols[] = {
        LAZY(&cairo, cairo_image_surface_create),
        LAZY(&cairo, cairo_image_surface_create_from_png_stream),
        LAZY(&cairo, cairo_image_surface_get_data),
        LAZY(&cairo, cairo_image_surface_get_stride),
        LAZY(&cairo, cairo_image_surface_get_width),
        LAZY(&cairo, cairo_image_surface_get_height),
        LAZY(&cairo, cairo_surface_flush),
        LAZY(&cairo, cairo_surface_mark_dirty),
        LAZY(&cairo, cairo_surface_status),
        LAZY(&cairo, cairo_surface_destroy),
        LAZY(&cairo, cairo_create),
        LAZY(&cairo, cairo_destroy),
        LAZY(&cairo, cairo_status),
        LAZY(&cairo, cairo_scale),
        LAZY(&cairo, cairo_set_source_rgb),
        LAZY(&cairo, cairo_set_source_surface),
        LAZY(&cairo, cairo_get_source),
        LAZY(&cairo, cairo_pattern_set_filter),
        LAZY(&cairo, cairo_pattern_set_extend),
        LAZY(&cairo, cairo_paint),
    };
    static const struct lazy_symbol jpeg_symbols[] = {
        LAZY(&jpeg, jpeg_std_error),         LAZY(&jpeg, jpeg_CreateDecompress),   LAZY(&jpeg, jpeg_mem_src),
        LAZY(&jpeg, jpeg_read_header),       LAZY(&jpeg, jpeg_start_decompress),   LAZY(&jpeg, jpeg_read_scanlines),
        LAZY(&jpeg, jpeg_finish_decompress), LAZY(&jpeg, jpeg_destroy_decompress), LAZY(&jpeg, jpeg_CreateCompress),
        LAZY(&jpeg, jpeg_mem_dest),          LAZY(&jpeg, jpeg_set_defaults),       LAZY(&jpeg, jpeg_set_quality),
        LAZY(&jpeg, jpeg_start_compress),    LAZY(&jpeg, jpeg_write_scanlines),    LAZY(&jpeg, jpeg_finish_compress),
        LAZY(&jpeg, jpeg_destroy_compress),
    };
    if (jpeg.jpeg_destroy_compress)
        return STATUS_OK;
    enum status status =
        lazy_load("libcairo.so.2", "libcairo2", cairo_symbols, sizeof cairo_symbols / sizeof *cairo_symbols, problem);
    if (status == STATUS_OK)
        status = lazy_load("libjpeg.so.62", "libjpeg62-turbo", jpeg_symbols, sizeof jpeg_symbols / sizeof *jpeg_symbols, problem);
    return status;
}

/* ---- JPEG ---- */

struct jpeg_errors {
    struct jpeg_error_mgr manager; /* first: libjpeg hands out its address */
    jmp_buf failed;
};

static void on_jpeg_error(j_common_ptr common)
{
    struct jpeg_errors *errors = (struct jpeg_errors *)common->err;
    longjmp(errors->failed, 1);
}

/* Warnings are told by their number. */
static void on_jpeg_message(j_common_ptr common, int level)
{
    common->err->num_warnings += level < 0;
}

static void on_jpeg_progress(j_common_ptr common)
{
    if (common->is_decompressor && ((j_decompress_ptr)common)->input_scan_number > SCANS_LIMIT)
        on_jpeg_error(common);
}

static struct jpeg_error_mgr *watch_jpeg(struct jpeg_errors *errors)
{
    jpeg.jpeg_std_error(&errors->manager);
    errors->manager.error_exit = on_jpeg_error;
    errors->manager.emit_message = on_jpeg_message;
    return &errors->manager;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CAIRO_PIXELS JCS_EXT_BGRX
#else
#define CAIRO_PIXELS JCS_EXT_XRGB
#endif

struct decoding {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_errors errors;
    struct jpeg_progress_mgr progress;
    cairo_surface_t *surface;
};

/* The picture at the smallest of libjpeg's scales that is no smaller than `wanted_px`. */
static bool run_decoding(struct decoding *decoding, struct str image, unsigned wanted_px)
{
    struct jpeg_decompress_struct *cinfo = &decoding->jpeg;
    cinfo->err = watch_jpeg(&decoding->errors);
    if (setjmp(decoding->errors.failed))
        return false;
    jpeg.jpeg_CreateDecompress(cinfo, JPEG_LIB_VERSION, sizeof *cinfo);
    decoding->progress.progress_monitor = on_jpeg_progress;
    cinfo->progress = &decoding->progress;
    jpeg.jpeg_mem_src(cinfo, (const unsigned char *)image.data, image.len);
    if (jpeg.jpeg_read_header(cinfo, TRUE) != JPEG_HEADER_OK)
        return false;
    unsigned side = cinfo->image_width < cinfo->image_height ? cinfo->image_width : cinfo->image_height;
    cinfo->scale_num = 8;
    cinfo->scale_denom = 8;
    while (cinfo->scale_num > 1 && (uint64_t)side * (cinfo->scale_num - 1) / 8 >= wanted_px)
        cinfo->scale_num--;
    cinfo->out_color_space = CAIRO_PIXELS;
    jpeg.jpeg_start_decompress(cinfo);
    decoding->surface = cairo.cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)cinfo->output_width, (int)cinfo->output_height);
    if (cairo.cairo_surface_status(decoding->surface) != CAIRO_STATUS_SUCCESS)
        return false;
    unsigned char *pixels = cairo.cairo_image_surface_get_data(decoding->surface);
    int stride = cairo.cairo_image_surface_get_stride(decoding->surface);
    cairo.cairo_surface_flush(decoding->surface);
    while (cinfo->output_scanline < cinfo->output_height) {
        unsigned char *row = pixels + (size_t)cinfo->output_scanline * (size_t)stride;
        jpeg.jpeg_read_scanlines(cinfo, &row, 1);
    }
    jpeg.jpeg_finish_decompress(cinfo);
    cairo.cairo_surface_mark_dirty(decoding->surface);
    return decoding->errors.manager.num_warnings == 0;
}

static cairo_surface_t *decode_jpeg(struct str image, unsigned wanted_px)
{
    struct decoding *decoding = calloc(1, sizeof *decoding);
    if (!decoding)
        return NULL;
    bool good = run_decoding(decoding, image, wanted_px);
    cairo_surface_t *surface = decoding->surface;
    jpeg.jpeg_destroy_decompress(&decoding->jpeg);
    free(decoding);
    if (!good && surface) {
        cairo.cairo_surface_destroy(surface);
        surface = NULL;
    }
    return surface;
}

struct encoding {
    struct jpeg_compress_struct jpeg;
    struct jpeg_errors errors;
    unsigned char *bytes;
    unsigned long len;
};

static bool run_encoding(struct encoding *encoding, cairo_surface_t *surface, int quality)
{
    struct jpeg_compress_struct *cinfo = &encoding->jpeg;
    cinfo->err = watch_jpeg(&encoding->errors);
    if (setjmp(encoding->errors.failed))
        return false;
    jpeg.jpeg_CreateCompress(cinfo, JPEG_LIB_VERSION, sizeof *cinfo);
    jpeg.jpeg_mem_dest(cinfo, &encoding->bytes, &encoding->len);
    cinfo->image_width = (JDIMENSION)cairo.cairo_image_surface_get_width(surface);
    cinfo->image_height = (JDIMENSION)cairo.cairo_image_surface_get_height(surface);
    cinfo->input_components = 4;
    cinfo->in_color_space = CAIRO_PIXELS;
    jpeg.jpeg_set_defaults(cinfo);
    jpeg.jpeg_set_quality(cinfo, quality, TRUE);
    jpeg.jpeg_start_compress(cinfo, TRUE);
    unsigned char *pixels = cairo.cairo_image_surface_get_data(surface);
    int stride = cairo.cairo_image_surface_get_stride(surface);
    while (cinfo->next_scanline < cinfo->image_height) {
        unsigned char *row = pixels + (size_t)cinfo->next_scanline * (size_t)stride;
        jpeg.jpeg_write_scanlines(cinfo, &row, 1);
    }
    jpeg.jpeg_finish_compress(cinfo);
    return true;
}

static bool encode_jpeg(struct buffer *out, cairo_surface_t *surface, int quality)
{
    struct encoding *encoding = calloc(1, sizeof *encoding);
    if (!encoding)
        return false;
    bool good = run_encoding(encoding, surface, quality);
    jpeg.jpeg_destroy_compress(&encoding->jpeg);
    if (good)
        buffer_append(out, encoding->bytes, encoding->len);
    free(encoding->bytes);
    free(encoding);
    return good && !buffer_failed(out);
}

/* ---- PNG ---- */

static cairo_status_t read_bytes(void *context, unsigned char *data, unsigned len)
{
    struct str *rest = context;
    if (len > rest->len)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, rest->data, len);
    *rest = str_sub(*rest, len, rest->len);
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *decode_png(struct str image)
{
    cairo_surface_t *surface = cairo.cairo_image_surface_create_from_png_stream(read_bytes, &image);
    if (cairo.cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
        return surface;
    cairo.cairo_surface_destroy(surface);
    return NULL;
}

/* ---- fitting ---- */

/* The middle square of `picture` on white, `side_px` wide; NULL where memory ran out. */
static cairo_surface_t *square(cairo_surface_t *picture, unsigned side_px)
{
    int width = cairo.cairo_image_surface_get_width(picture), height = cairo.cairo_image_surface_get_height(picture);
    int side = width < height ? width : height;
    cairo_surface_t *surface = cairo.cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)side_px, (int)side_px);
    cairo_t *canvas = cairo.cairo_create(surface);
    cairo.cairo_set_source_rgb(canvas, 1, 1, 1);
    cairo.cairo_paint(canvas);
    cairo.cairo_scale(canvas, (double)side_px / side, (double)side_px / side);
    cairo.cairo_set_source_surface(canvas, picture, -(width - side) / 2, -(height - side) / 2);
    cairo.cairo_pattern_set_filter(cairo.cairo_get_source(canvas), CAIRO_FILTER_BEST);
    cairo.cairo_pattern_set_extend(cairo.cairo_get_source(canvas), CAIRO_EXTEND_PAD);
    cairo.cairo_paint(canvas);
    bool good = cairo.cairo_status(canvas) == CAIRO_STATUS_SUCCESS;
    cairo.cairo_destroy(canvas);
    cairo.cairo_surface_flush(surface);
    if (good)
        return surface;
    cairo.cairo_surface_destroy(surface);
    return NULL;
}

/* As good as fits in the bytes allowed; the noisiest picture at last a smaller one. */
static enum status save(struct buffer *out, cairo_surface_t *picture, unsigned side_px, const struct cover_bounds *bounds,
                        struct problem *problem)
{
    static const int qualities[] = {90, 82, 74, 62, 50, 38, 26, 14};
    size_t before = out->len;
    for (int attempt = 0; attempt < 2; attempt++) {
        cairo_surface_t *surface = square(picture, side_px);
        if (!surface)
            return problem_no_memory(problem);
        for (size_t i = 0; i < sizeof qualities / sizeof *qualities; i++) {
            bool good = encode_jpeg(out, surface, qualities[i]);
            if (!good || out->len - before <= bounds->most_bytes) {
                cairo.cairo_surface_destroy(surface);
                return good ? STATUS_OK : problem_no_memory(problem);
            }
            out->len = before;
        }
        cairo.cairo_surface_destroy(surface);
        side_px = side_px / 2 > bounds->least_px ? side_px / 2 : bounds->least_px;
    }
    return problem_set(problem, STATUS_BAD_DATA, NULL, 0, "the cover cannot be made small enough");
}

enum status cover_fit(struct buffer *out, struct str image, const struct cover_bounds *bounds, struct problem *problem)
{
    struct cover_facts facts;
    enum status status = cover_read(&facts, image, problem);
    if (status != STATUS_OK)
        return status;
    bool fits = facts.width == facts.height && facts.width >= bounds->least_px && facts.width <= bounds->most_px;
    if (fits && image.len <= bounds->most_bytes && !facts.progressive) {
        buffer_str(out, image);
        return buffer_failed(out) ? problem_no_memory(problem) : STATUS_OK;
    }
    bool large = facts.width > SIDE_LIMIT_PX || facts.height > SIDE_LIMIT_PX;
    if (large || (uint64_t)facts.width * facts.height > COVER_DECODE_LIMIT_PX)
        return problem_set(problem, STATUS_BAD_DATA, NULL, 0, "the cover has %u x %u pixels; %d million are the most",
                           facts.width, facts.height, COVER_DECODE_LIMIT_PX / 1000000);
    status = load(problem);
    if (status != STATUS_OK)
        return status;
    unsigned side = facts.width < facts.height ? facts.width : facts.height;
    side = side > bounds->most_px ? bounds->most_px : side < bounds->least_px ? bounds->least_px : side;
    bool png = strcmp(facts.mime_type, "image/png") == 0;
    cairo_surface_t *picture = png ? decode_png(image) : decode_jpeg(image, side);
    if (!picture)
        return problem_set(problem, STATUS_BAD_DATA, NULL, 0, "the cover is a damaged %s picture or one of an unusual kind",
                           png ? "PNG" : "JPEG");
    status = save(out, picture, side, bounds, problem);
    cairo.cairo_surface_destroy(picture);
    return status;
}
