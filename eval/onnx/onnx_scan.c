/* A first look at the bytes, before protobuf-c unpacks them.
 *
 * protobuf-c recurses as deep as the file says, merges repeated singular messages in quadratic time
 * and spends a hundred times their size on crowds of empty fields. So the wire format is walked
 * beforehand, guided by the descriptors protobuf-c itself uses: lengths, depth, number of fields.
 */
#include "onnx.h"

#include <stdlib.h>

enum { DEPTH_MAX = 16 };

/* See https://protobuf.dev/programming-guides/encoding */
enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

typedef struct scan {
    const uint8_t *at, *end;
    size_t fields;
} scan;

static bool read_varint(scan *s, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (s->at == s->end)
            return false;
        const uint8_t byte = *s->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = value;
            return true;
        }
    }
    return false;
}

/* Moves behind the payload of a field; `*n` is its length for WIRE_BYTES (after its prefix). */
static bool skip_payload(scan *s, unsigned wire, uint64_t *n)
{
    uint64_t ignored;
    switch (wire) {
    case WIRE_VARINT:
        *n = 0;
        return read_varint(s, &ignored);
    case WIRE_64:
        *n = 8;
        break;
    case WIRE_32:
        *n = 4;
        break;
    case WIRE_BYTES:
        if (!read_varint(s, n))
            return false;
        break;
    default: /* groups, which proto2 files of this schema do not have */
        return false;
    }
    if (*n > (uint64_t)(s->end - s->at))
        return false;
    s->at += *n;
    return true;
}

static bool scan_message(scan *s, const ProtobufCMessageDescriptor *type, unsigned depth)
{
    uint64_t seen = 0; /* singular messages; no message of the schema has 64 fields */
    if (depth > DEPTH_MAX)
        return false;
    while (s->at < s->end) {
        uint64_t tag, n;
        if (!read_varint(s, &tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff ||
            !skip_payload(s, (unsigned)(tag & 7), &n))
            return false;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
        const bool bytes = (tag & 7) == WIRE_BYTES;
        if ((bytes || !field) && ++s->fields > ASX_ONNX_FIELDS_MAX)
            return false;
        if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        const uint64_t bit = (uint64_t)1 << (field - type->fields);
        if (!bytes || (field->label != PROTOBUF_C_LABEL_REPEATED && (seen & bit)))
            return false;
        seen |= bit;
        scan inner = {s->at - n, s->at, s->fields};
        if (!scan_message(&inner, field->descriptor, depth + 1))
            return false;
        s->fields = inner.fields;
    }
    return true;
}

bool asx_onnx_scan(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t n)
{
    scan s = {bytes, bytes + n, 0};
    return scan_message(&s, type, 0);
}

/* protobuf-c gives nothing for damaged bytes and without memory alike. */
static void *take(void *lacking, size_t size)
{
    void *memory = malloc(size);
    if (!memory)
        *(bool *)lacking = true;
    return memory;
}

static void give_back(void *lacking, void *memory)
{
    (void)lacking;
    free(memory);
}

asx_status asx_onnx_unpack(Onnx__ModelProto **out, const char *name, const void *bytes, size_t n,
                           asx_error *err)
{
    bool lacking = false;
    ProtobufCAllocator allocator = {take, give_back, &lacking};
    *out = NULL;
    if (n > 0 && n <= ASX_ONNX_FILE_MAX && asx_onnx_scan(&onnx__model_proto__descriptor, bytes, n))
        *out = onnx__model_proto__unpack(&allocator, n, bytes);
    return lacking ? asx_fail(err, ASX_ENOMEM, "no memory to read '%s'", name) : ASX_OK;
}
