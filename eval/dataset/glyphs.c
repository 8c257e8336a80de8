/* Drawn digits: strokes are distorted by an affine map and a smooth random field, drawn with a
 * round pen by their distance to each pixel, covered by clutter, and spoilt by shading and noise.
 * The recipe follows the distortions of Simard, Steinkraus and Platt (ICDAR 2003). */
#include "eval/glyphs.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "dataset_samples.h"
#include "dse/memory.h"
#include "dse/seed.h"

static const size_t BYTES_MAX = (size_t)4 << 30; /* of all images */
enum { SIZE = ASX_GLYPH_SIZE, LATTICE = 4, CLUTTER_MAX = 3, GENERATED_MAX = 10 * 1000 * 1000 };

/* How hard the task is. Lengths in pixels; the glyphs are drawn on a 16 x 16 grid. */
static const double TILT = 0.22;            /* tan(angle / 2), either way: 25 degrees */
static const double SHEAR = 0.40;           /* either way */
static const double SCALE[] = {0.55, 0.95}; /* each axis by itself */
static const double SHIFT = 2.0;            /* either way, each axis */
static const double WOBBLE = 1.4;           /* of the random field, either way */
static const double PEN[] = {0.45, 1.10};   /* half width of strokes */
static const double PAPER[] = {0.05, 0.35}; /* brightness */
static const double INK[] = {0.28, 0.60};   /* brightness above the paper's */
static const double SHADE = 0.15;           /* brightness from centre to edge, either way */
static const double NOISE[] = {0.05, 0.18}; /* standard deviation of brightness */
static const double CLUTTER_LENGTH = 5.0;   /* at most, each axis */

/* Strokes as polylines: pairs of letters are points, x then y, a .. q for 0 .. 16, y downwards; a
 * comma lifts the pen. */
static const char *const STROKES[ASX_GLYPH_CLASSES] = {
    "ib lc nf nl lo ip fo dl df fc ib",
    "fe jb jp",
    "df ec ib mc nf li dp np",
    "dd hb lc mf kh hi lj nm lo hp dn",
    "kp kb dl ol",
    "mb fb eh ig mi nl lo hp dn",
    "lb gf ej em gp kp nm mj ji fj",
    "db nb hp",
    "ii fg ee gb kb me lg ii ek dn gp kp nn mk ii",
    "fp kl mh me kb gb de eh hi lh",
};

/* Random numbers of one image, in the order they are asked for. */
typedef struct dice {
    uint64_t seed, index, thrown;
} dice;

typedef struct point {
    double x, y;
} point;

typedef struct distortion {
    double xx, xy, yx, yy; /* about the centre */
    point shift;
    point lattice[LATTICE][LATTICE]; /* displacements, bilinear in between */
} distortion;

static double throw_uniform(dice *d, double low, double high)
{
    return low + (high - low) * asx_seed_uniform(d->seed, d->index, d->thrown++);
}

static double throw_either(dice *d, double most)
{
    return throw_uniform(d, -most, most);
}

/* Nearly Gaussian, deviation 1: four 16-bit uniforms, each of variance 1/12. */
static double throw_noise(dice *d)
{
    uint64_t bits = asx_seed_bits(d->seed, d->index, d->thrown++);
    uint64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
    return ((double)sum / 65536 - 2) * 1.7320508075688772;
}

static distortion throw_distortion(dice *d)
{
    distortion made;
    double t = throw_either(d, TILT), shear = throw_either(d, SHEAR);
    double sx = throw_uniform(d, SCALE[0], SCALE[1]), sy = throw_uniform(d, SCALE[0], SCALE[1]);
    /* cosine and sine by the tangent of half the angle: libm's differ between machines */
    double cosine = (1 - t * t) / (1 + t * t), sine = 2 * t / (1 + t * t);
    made.xx = cosine * sx;
    made.xy = (cosine * shear - sine) * sy;
    made.yx = sine * sx;
    made.yy = (sine * shear + cosine) * sy;
    made.shift.x = throw_either(d, SHIFT);
    made.shift.y = throw_either(d, SHIFT);
    for (int i = 0; i < LATTICE * LATTICE; i++) {
        made.lattice[i / LATTICE][i % LATTICE].x = throw_either(d, WOBBLE);
        made.lattice[i / LATTICE][i % LATTICE].y = throw_either(d, WOBBLE);
    }
    return made;
}

static point distort(const distortion *by, int x, int y)
{
    double u = x * (LATTICE - 1) / (SIZE + 0.01), v = y * (LATTICE - 1) / (SIZE + 0.01);
    int i = (int)u, j = (int)v;
    double fu = u - i, fv = v - j;
    const point *top = &by->lattice[j][i], *low = &by->lattice[j + 1][i];
    double dx = (top[0].x * (1 - fu) + top[1].x * fu) * (1 - fv) +
                (low[0].x * (1 - fu) + low[1].x * fu) * fv;
    double dy = (top[0].y * (1 - fu) + top[1].y * fu) * (1 - fv) +
                (low[0].y * (1 - fu) + low[1].y * fu) * fv;
    double cx = x - SIZE / 2 + dx, cy = y - SIZE / 2 + dy;
    return (point){SIZE / 2 + by->shift.x + by->xx * cx + by->xy * cy,
                   SIZE / 2 + by->shift.y + by->yx * cx + by->yy * cy};
}

/* Covers pixels by how near a pen of half width `pen` passes on its way from a to b. */
static void draw_segment(double *cover, point a, point b, double pen)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    for (int i = 0; i < ASX_GLYPH_PIXELS; i++) {
        double px = i % SIZE + 0.5 - a.x, py = i / SIZE + 0.5 - a.y;
        double t = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        double ex = px - t * dx, ey = py - t * dy, reach = pen + 0.5;
        double distance2 = ex * ex + ey * ey;
        if (distance2 >= reach * reach)
            continue;
        double ink = reach - sqrt(distance2);
        ink = ink > 1 ? 1 : ink;
        if (ink > cover[i])
            cover[i] = ink;
    }
}

static void draw_glyph(double *cover, dice *d, unsigned class)
{
    const distortion by = throw_distortion(d);
    double pen = throw_uniform(d, PEN[0], PEN[1]);
    bool down = false;
    point last = {0, 0};
    for (const char *s = STROKES[class]; *s;) {
        if (*s == ' ' || *s == ',') {
            down = down && *s != ',';
            s++;
            continue;
        }
        point next = distort(&by, s[0] - 'a', s[1] - 'a');
        if (down)
            draw_segment(cover, last, next, pen);
        last = next;
        down = true;
        s += 2;
    }
}

/* Short straight strokes anywhere, fainter than the glyph. */
static void draw_clutter(double *cover, dice *d)
{
    double strokes = throw_uniform(d, 0, CLUTTER_MAX + 1);
    for (int k = 0; k < (int)strokes; k++) {
        double clutter[ASX_GLYPH_PIXELS] = {0}, pen = throw_uniform(d, 0.2, PEN[1]);
        point a, b;
        a.x = throw_uniform(d, 0, SIZE);
        a.y = throw_uniform(d, 0, SIZE);
        b.x = a.x + throw_either(d, CLUTTER_LENGTH);
        b.y = a.y + throw_either(d, CLUTTER_LENGTH);
        double strength = throw_uniform(d, 0.4, 1.0);
        draw_segment(clutter, a, b, pen);
        for (int i = 0; i < ASX_GLYPH_PIXELS; i++)
            if (strength * clutter[i] > cover[i])
                cover[i] = strength * clutter[i];
    }
}

/* Ink on shaded paper, seen through noise. */
static void expose(uint8_t *pixels, dice *d, const double *cover)
{
    double paper = throw_uniform(d, PAPER[0], PAPER[1]), ink = throw_uniform(d, INK[0], INK[1]);
    double shade_x = throw_either(d, SHADE), shade_y = throw_either(d, SHADE);
    double noise = throw_uniform(d, NOISE[0], NOISE[1]);
    for (int i = 0; i < ASX_GLYPH_PIXELS; i++) {
        double x = (i % SIZE + 0.5) * 2 / SIZE - 1, y = (i / SIZE + 0.5) * 2 / SIZE - 1;
        double light = paper + ink * cover[i] + shade_x * x + shade_y * y + noise * throw_noise(d);
        light = light < 0 ? 0 : light > 1 ? 1 : light;
        pixels[i] = (uint8_t)(255 * light + 0.5);
    }
}

/* Ten images in a row show the ten classes, shuffled (Fisher and Yates). */
static unsigned class_of(uint64_t seed, uint64_t index)
{
    const uint64_t after_all_throws = UINT64_C(1) << 32;
    uint64_t block = index - index % ASX_GLYPH_CLASSES;
    unsigned class[ASX_GLYPH_CLASSES] = {0};
    for (unsigned i = 0; i < ASX_GLYPH_CLASSES; i++) {
        unsigned j = (unsigned)asx_seed_below(seed, block, after_all_throws + i, i + 1);
        class[i] = class[j];
        class[j] = i;
    }
    return class[index % ASX_GLYPH_CLASSES];
}

unsigned asx_glyph_draw(uint8_t *pixels, uint64_t seed, uint64_t index)
{
    dice d = {.seed = seed, .index = index};
    double cover[ASX_GLYPH_PIXELS] = {0};
    unsigned class = class_of(seed, index);
    draw_glyph(cover, &d, class);
    draw_clutter(cover, &d);
    expose(pixels, &d, cover);
    return class;
}

static size_t clamp(double at)
{
    return at <= 0 ? 0 : at >= SIZE - 1 ? SIZE - 1 : (size_t)at;
}

/* Bilinear, at row v and column h. */
static double brightness(const uint8_t *pixels, double v, double h)
{
    const size_t top = clamp(floor(v)), low = clamp(floor(v) + 1), left = clamp(floor(h)),
                 right = clamp(floor(h) + 1);
    const double dv = v - floor(v), dh = h - floor(h);
    return (1 - dv) * ((1 - dh) * pixels[top * SIZE + left] + dh * pixels[top * SIZE + right]) +
           dv * ((1 - dh) * pixels[low * SIZE + left] + dh * pixels[low * SIZE + right]);
}

/* An image of the shape that is asked for: between pixels' centres brightness is linear, and each channel has a tint of the
 * image's own, as colours have. */
static void enlarge(uint8_t *out, const size_t shape[3], const uint8_t *pixels, uint64_t seed,
                    uint64_t index)
{
    const double tint_least = 0.5;
    for (size_t c = 0; c < shape[0]; c++) {
        const double u = asx_seed_uniform(seed ^ 0x7469, index, c);
        const double tint = shape[0] > 1 ? tint_least + (1 - tint_least) * u : 1;
        for (size_t y = 0; y < shape[1]; y++)
            for (size_t x = 0; x < shape[2]; x++) {
                const double v = ((double)y + 0.5) * SIZE / (double)shape[1] - 0.5;
                const double h = ((double)x + 0.5) * SIZE / (double)shape[2] - 0.5;
                *out++ = (uint8_t)(tint * brightness(pixels, v, h) + 0.5);
            }
    }
}

asx_status asx_samples_read_glyphs(asx_samples *images, asx_samples *labels,
                                   const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    (void)i;
    size_t n = spec->n_generated;
    if (n == 0 || n > GENERATED_MAX)
        return asx_fail(err, ASX_EINVAL, "number of generated images %zu is not in 1 .. %d", n,
                        GENERATED_MAX);
    const size_t drawn[3] = {1, SIZE, SIZE}, *shape = spec->shape[0] ? spec->shape : drawn;
    const size_t size = shape[0] * shape[1] * shape[2];
    if (shape[0] > 4096 || shape[1] > 4096 || shape[2] > 4096 || size > BYTES_MAX / n)
        return asx_fail(
            err, ASX_EINVAL,
            "%zu generated images of [%zu, %zu, %zu] are more than %zu bytes, or sizes above 4096",
            n, shape[0], shape[1], shape[2], BYTES_MAX);
    *images = (asx_samples){
        ASX_SAMPLE_U8, 4, {n, shape[0], shape[1], shape[2]}, .bytes = asx_array_new(n, size)};
    *labels = (asx_samples){ASX_SAMPLE_U8, 1, {n}, .bytes = asx_array_new(n, 1)};
    if (!images->bytes || !labels->bytes)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu generated images", n);
    for (size_t k = 0; k < n; k++) {
        uint8_t pixels[ASX_GLYPH_PIXELS];
        labels->bytes[k] = (unsigned char)asx_glyph_draw(pixels, spec->seed, k);
        if (spec->shape[0])
            enlarge(images->bytes + k * size, shape, pixels, spec->seed, k);
        else
            memcpy(images->bytes + k * size, pixels, sizeof pixels);
    }
    return ASX_OK;
}
