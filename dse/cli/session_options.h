/* The campaign that a command's argument and options name. */
#ifndef ASX_CLI_SESSION_OPTIONS_H
#define ASX_CLI_SESSION_OPTIONS_H

#include "dse/text.h"
#include "explore/external.h"
#include "explore/session.h"

/** Opens a campaign file, whose ${NAME} are the environment's. @param path NULL: the embedded one */
ASX_NODISCARD asx_status session_open(asx_session *out, const char *path, asx_error *err);

/**
 * A campaign file and the database that '--db' names for it.
 * @param out       asx_campaign_free it, or hand it to session_open_kept
 * @param database  asx_text_fini it, whatever is returned
 * @param option    of '--db'
 */
ASX_NODISCARD asx_status session_load(asx_campaign **out, asx_text *database, const char *path,
                                      const char *option, asx_error *err);

/** Opens a campaign with data unpacked beside the database (asx_campaign_keep_data). @param campaign  taken over, on
 *  failure too @param make  the folder for data, too */
ASX_NODISCARD asx_status session_open_kept(asx_session *out, asx_campaign *campaign,
                                           const char *database, bool make, asx_error *err);

/** Prints what users should know of a session's data, if it has any, to standard error. @param chosen  as of
 *  asx_session_remarks */
void session_remark(const asx_session *s, bool chosen);

/** Images that '--images' names; NULL: the campaign's 'select'. */
ASX_NODISCARD asx_status session_images(asx_range *out, asx_session *s, const char *option,
                                        asx_error *err);

/** Images of the part that '--on' names; NULL: the campaign's 'select'. */
ASX_NODISCARD asx_status session_on(asx_range *out, asx_session *s, const char *option,
                                    asx_error *err);

/** The design of the N-th row of a front. @param out owned by the caller, free() */
ASX_NODISCARD asx_status front_row_text(char **out, asx_store *store, const char *campaign,
                                        const char *number, asx_error *err);

/** Opens the newest campaign of a database from the text that it keeps. @param design of the N-th
 *  row of its front; owned by the caller, free() */
ASX_NODISCARD asx_status session_of_row(asx_session *out, char **design, const char *database,
                                        const char *number, asx_error *err);

/** Appends the database that '--db' names; NULL: the campaign's name with .db, in this folder. */
ASX_NODISCARD asx_status session_database(asx_text *out, const asx_campaign *c, const char *option,
                                          asx_error *err);

/** Opens a campaign for external evaluation, with the database that '--db' names. */
ASX_NODISCARD asx_status external_open(asx_external **out, const char *path, const char *option,
                                       asx_error *err);

#endif
