#include "library/cover_art.h"

#include <math.h>

#include <pango/pangocairo.h>

#include "base/hash.h"
#include "base/lazy.h"

static struct {
    __typeof__(cairo_image_surface_create) *cairo_image_surface_create;
    __typeof__(cairo_surface_destroy) *cairo_surface_destroy;
    __typeof__(cairo_surface_write_to_png_stream) *cairo_surface_write_to_png_stream;
    __typeof__(cairo_create) *cairo_create;
    __typeof__(cairo_destroy) *cairo_destroy;
    __typeof__(cairo_status) *cairo_status;
    __typeof__(cairo_set_source_rgb) *cairo_set_source_rgb;
    __typeof__(cairo_set_source_rgba) *cairo_set_source_rgba;
    __typeof__(cairo_paint) *cairo_paint;
    __typeof__(cairo_stroke) *cairo_stroke;
    __typeof__(cairo_move_to) *cairo_move_to;
    __typeof__(cairo_line_to) *cairo_line_to;
    __typeof__(cairo_set_line_width) *cairo_set_line_width;
    __typeof__(cairo_set_line_cap) *cairo_set_line_cap;
} cairo;
static struct {
    __typeof__(pango_cairo_create_layout) *pango_cairo_create_layout;
    __typeof__(pango_cairo_show_layout) *pango_cairo_show_layout;
} pangocairo;
static struct {
    __typeof__(pango_layout_set_text) *pango_layout_set_text;
    __typeof__(pango_layout_set_width) *pango_layout_set_width;
    __typeof__(pango_layout_set_height) *pango_layout_set_height;
    __typeof__(pango_layout_set_wrap) *pango_layout_set_wrap;
    __typeof__(pango_layout_set_ellipsize) *pango_layout_set_ellipsize;
    __typeof__(pango_layout_set_spacing) *pango_layout_set_spacing;
    __typeof__(pango_layout_set_font_description) *pango_layout_set_font_description;
    __typeof__(pango_layout_get_pixel_size) *pango_layout_get_pixel_size;
    __typeof__(pango_font_description_from_string) *pango_font_description_from_string;
    __typeof__(pango_font_description_set_absolute_size) *pango_font_description_set_absolute_size;
    __typeof__(pango_font_description_free) *pango_font_description_free;
} pango;
static struct {
    __typeof__(g_object_unref) *g_object_unref;
} gobject;

static enum status load(struct problem *problem)
{
    static const struct lazy_symbol cairo_symbols[] = {
        LAZY(&cairo, cairo_image_surface_create),
        LAZY(&cairo, cairo_surface_destroy),
        LAZY(&cairo, cairo_surface_write_to_png_stream),
        LAZY(&cairo, cairo_create),
        LAZY(&cairo, cairo_destroy),
        LAZY(&cairo, cairo_status),
        LAZY(&cairo, cairo_set_source_rgb),
        LAZY(&cairo, cairo_set_source_rgba),
        LAZY(&cairo, cairo_paint),
        LAZY(&cairo, cairo_stroke),
        LAZY(&cairo, cairo_move_to),
        LAZY(&cairo, cairo_line_to),
        LAZY(&cairo, cairo_set_line_width),
        LAZY(&cairo, cairo_set_line_cap),
    };
    static const struct lazy_symbol pangocairo_symbols[] = {LAZY(&pangocairo, pango_cairo_create_layout),
                                                            LAZY(&pangocairo, pango_cairo_show_layout)};
    static const struct lazy_symbol pango_symbols[] = {
        LAZY(&pango, pango_layout_set_text),
        LAZY(&pango, pango_layout_set_width),
        LAZY(&pango, pango_layout_set_height),
        LAZY(&pango, pango_layout_set_wrap),
        LAZY(&pango, pango_layout_set_ellipsize),
        LAZY(&pango, pango_layout_set_spacing),
        LAZY(&pango, pango_layout_set_font_description),
        LAZY(&pango, pango_layout_get_pixel_size),
        LAZY(&pango, pango_font_description_from_string),
        LAZY(&pango, pango_font_description_set_absolute_size),
        LAZY(&pango, pango_font_description_free),
    };
    static const struct lazy_symbol gobject_symbols[] = {LAZY(&gobject, g_object_unref)};
    static const char package[] = "libpangocairo-1.0-0";
    if (gobject.g_object_unref)
        return STATUS_OK;
    enum status status =
        lazy_load("libcairo.so.2", "libcairo2", cairo_symbols, sizeof cairo_symbols / sizeof *cairo_symbols, problem);
    if (status == STATUS_OK)
        status = lazy_load("libpangocairo-1.0.so.0", package, pangocairo_symbols,
                           sizeof pangocairo_symbols / sizeof *pangocairo_symbols, problem);
    if (status == STATUS_OK)
        status = lazy_load("libpango-1.0.so.0", package, pango_symbols, sizeof pango_symbols / sizeof *pango_symbols, problem);
    if (status == STATUS_OK)
        status = lazy_load("libgobject-2.0.so.0", package, gobject_symbols, 1, problem);
    return status;
}

/* ---- drawing ---------------------------------------------------------------------------------------------------------- */

/* Grounds on which white text keeps a contrast of 7:1 and more. */
static const unsigned grounds[] = {0x243b53, 0x4a2545, 0x1f4d3f, 0x5b2c2c, 0x2d3a6b, 0x5a3d12, 0x0f4c5c, 0x3c3354};

static void paint_ground(cairo_t *canvas, struct str title)
{
    unsigned colour = grounds[hash_bytes_64(title) % (sizeof grounds / sizeof *grounds)];
    cairo.cairo_set_source_rgb(canvas, (colour >> 16) / 255.0, (colour >> 8 & 0xFF) / 255.0, (colour & 0xFF) / 255.0);
    cairo.cairo_paint(canvas);
}

/* A row of bars like speech: heights from the title's own bytes. */
static void draw_bars(cairo_t *canvas, struct str title, double left, double middle, double width, double height, int n_bars)
{
    uint64_t random = hash_bytes_64(title) | 1;
    double step = width / n_bars;
    cairo.cairo_set_line_width(canvas, step * 0.5);
    cairo.cairo_set_line_cap(canvas, CAIRO_LINE_CAP_ROUND);
    for (int i = 0; i < n_bars; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        double swell = 0.35 + 0.65 * sin(3.14159265 * (i + 0.5) / n_bars);
        double half = height / 2 * swell * (0.3 + 0.7 * (double)(random >> 11 & 0xFFFF) / 65535.0);
        double x = left + step * (i + 0.5);
        cairo.cairo_move_to(canvas, x, middle - half);
        cairo.cairo_line_to(canvas, x, middle + half);
    }
    cairo.cairo_stroke(canvas);
}

/* Text in a box, as large as fits between `least` and `most` (font size, pixels); cut with an ellipsis where even that is too
 * long.
 */
static void draw_text(cairo_t *canvas, struct str text, const char *font, double x, double y, double width, double height,
                      double least, double most)
{
    PangoLayout *layout = pangocairo.pango_cairo_create_layout(canvas);
    PangoFontDescription *description = pango.pango_font_description_from_string(font);
    pango.pango_layout_set_text(layout, text.data ? text.data : "", (int)(text.len < 1000 ? text.len : 1000));
    pango.pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango.pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    for (double size = most;; size *= 0.9) {
        int wide, high;
        bool smallest = size < least;
        if (smallest) {
            pango.pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
            pango.pango_layout_set_height(layout, (int)(height * PANGO_SCALE));
        }
        pango.pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
        pango.pango_layout_set_font_description(layout, description);
        pango.pango_layout_get_pixel_size(layout, &wide, &high);
        if (smallest || (high <= height && wide <= width))
            break;
    }
    cairo.cairo_move_to(canvas, x, y);
    pangocairo.pango_cairo_show_layout(canvas, layout);
    pango.pango_font_description_free(description);
    gobject.g_object_unref(layout);
}

static cairo_status_t append(void *context, const unsigned char *data, unsigned len)
{
    struct buffer *png = context;
    buffer_append(png, data, len);
    return buffer_failed(png) ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static enum status finish(cairo_surface_t *surface, cairo_t *canvas, struct buffer *png, struct problem *problem)
{
    bool good = cairo.cairo_status(canvas) == CAIRO_STATUS_SUCCESS &&
                cairo.cairo_surface_write_to_png_stream(surface, append, png) == CAIRO_STATUS_SUCCESS;
    cairo.cairo_destroy(canvas);
    cairo.cairo_surface_destroy(surface);
    return good ? STATUS_OK : problem_no_memory(problem);
}

enum status cover_art_draw(struct buffer *png, struct str title, struct str line, unsigned size_px, struct problem *problem)
{
    enum status status = load(problem);
    if (status != STATUS_OK)
        return status;
    cairo_surface_t *surface = cairo.cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)size_px, (int)size_px);
    cairo_t *canvas = cairo.cairo_create(surface);
    double side = size_px, edge = side * 0.085;
    paint_ground(canvas, title);
    cairo.cairo_set_source_rgba(canvas, 1, 1, 1, 0.28);
    draw_bars(canvas, title, edge, side * 0.72, side - 2 * edge, side * 0.24, 40);
    cairo.cairo_set_source_rgb(canvas, 1, 1, 1);
    draw_text(canvas, title, "DejaVu Sans, Noto Sans, sans Bold", edge, edge, side - 2 * edge, side * 0.47, side * 0.045,
              side * 0.14);
    cairo.cairo_set_source_rgba(canvas, 1, 1, 1, 0.85);
    draw_text(canvas, line, "DejaVu Sans, Noto Sans, sans", edge, side * 0.87, side - 2 * edge, side * 0.075, side * 0.03,
              side * 0.05);
    return finish(surface, canvas, png, problem);
}

enum status cover_art_icon(struct buffer *png, struct str title, unsigned size_px, struct problem *problem)
{
    enum status status = load(problem);
    if (status != STATUS_OK)
        return status;
    cairo_surface_t *surface = cairo.cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)size_px, (int)size_px);
    cairo_t *canvas = cairo.cairo_create(surface);
    double side = size_px;
    paint_ground(canvas, title);
    cairo.cairo_set_source_rgb(canvas, 1, 1, 1);
    draw_bars(canvas, title, side * 0.22, side * 0.5, side * 0.56, side * 0.5, 6);
    return finish(surface, canvas, png, problem);
}
