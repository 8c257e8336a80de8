/* Certificates of campaigns in the database. */
#include "results/certificate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "dse/memory.h"
#include "dse/number.h"

static const char start[] = "factor ";

double asx_certificate_factor(const char *text)
{
    char number[40];
    double factor = NAN;
    const size_t skip = sizeof start - 1;
    if (!text || strncmp(text, start, skip) != 0)
        return NAN;
    const size_t n = strcspn(text + skip, ":");
    if (n >= sizeof number)
        return NAN;
    memcpy(number, text + skip, n);
    number[n] = '\0';
    if (strcmp(number, "inf") == 0)
        return INFINITY;
    if (asx_number_parse(&factor, number, 1, INFINITY, "a factor", NULL) != ASX_OK)
        return NAN;
    return factor;
}

const char *asx_certificate_words(const char *text)
{
    static const char unproven[] = "factor inf: ";
    const size_t n = sizeof unproven - 1;
    return strncmp(text, unproven, n) == 0 ? text + n : text;
}

double asx_certificate_least_drop(const char *text)
{
    static const char before[] = "its drop is below ";
    const char *at = text ? strstr(text, before) : NULL;
    const double least = at ? strtod(at + sizeof before - 1, NULL) : 0;
    return least > 0 ? least : 0;
}

asx_status asx_certificate_read(asx_certificate *out, asx_store *store, int64_t campaign,
                                asx_error *err)
{
    const char *what = "read the certificate";
    sqlite3_stmt *stmt = NULL;
    asx_certificate c = {.factor = NAN};
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT factor, text FROM certificate WHERE campaign = ?", what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    const int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        c = (asx_certificate){asx_db_number(stmt, 0), asx_string_copy(asx_db_text(stmt, 1))};
        if (!c.text)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a certificate");
    } else if (rc != SQLITE_DONE) {
        status = asx_db_fail(store, err, what);
    }
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *out = c;
    return status;
}

asx_status asx_certificate_keep(asx_store *store, int64_t campaign,
                                const asx_certificate *certificate, asx_error *err)
{
    const char *what = "store the certificate";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "INSERT OR REPLACE INTO certificate (campaign, factor, text) VALUES (?, ?, ?)", what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_number(stmt, 2, certificate->factor);
    asx_db_bind_text(stmt, 3, certificate->text);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

void asx_certificate_fini(asx_certificate *certificate)
{
    if (!certificate)
        return;
    free(certificate->text);
    *certificate = (asx_certificate){0};
}
