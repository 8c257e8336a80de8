#include "train_away.h"

#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/memory.h"
#include "explore/trained.h"
#include "train_steps.h"

struct asx_train_server {
    asx_session *session;
    asx_dataset *data;
    asx_range images;
    asx_train_options options;
};

asx_status asx_train_server_new(asx_train_server **out, asx_session *s, asx_error *err)
{
    asx_train_server *server = asx_array_new(1, sizeof *server);
    if (!server)
        return asx_fail(err, ASX_ENOMEM, "no memory to train for others");
    server->session = s;
    asx_status status = asx_campaign_train_options(&server->options, s->campaign, err);
    if (status == ASX_OK)
        status = asx_campaign_train_data(&server->data, &server->images, s->campaign, err);
    if (status != ASX_OK)
        asx_train_server_free(server);
    else
        *out = server;
    return status;
}

void asx_train_server_free(asx_train_server *server)
{
    if (!server)
        return;
    asx_dataset_free(server->data);
    free(server);
}

typedef struct parsed {
    asx_train_job head;
    const char *start, *checkpoint;
    asx_design design;
} parsed;

static asx_status parse(parsed *out, const asx_train_server *server, const char *job, size_t n,
                        asx_error *err)
{
    const size_t n_layers = asx_session_workload(server->session)->n_layers;
    asx_crew_reader r = asx_crew_read(job, n);
    asx_crew_get(&out->head, &r, sizeof out->head);
    out->start = asx_crew_at(&r, out->head.n_start);
    out->checkpoint = asx_crew_at(&r, out->head.n_checkpoint);
    asx_status status = asx_design_init(&out->design, n_layers, err);
    if (status == ASX_OK)
        asx_crew_get(out->design.format, &r, n_layers * sizeof *out->design.format);
    return status == ASX_OK ? asx_crew_read_end(&r, err) : status;
}

/* A checkpoint goes to who handed out the job. */
static asx_status keep(void *state, const asx_trainer *trainer, double seconds, asx_error *err)
{
    const asx_crew_line *line = state;
    const asx_train_note head = {seconds};
    asx_text note = {0};
    asx_text_add_bytes(&note, (const char *)&head, sizeof head);
    asx_trainer_print(&note, trainer);
    const asx_status status = note.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a checkpoint")
                                          : line->note(line->state, note.s, note.n, err);
    asx_text_fini(&note);
    return status;
}

/* A checkpoint of other work is not this design's: it is begun anew. */
static asx_status resume(asx_trainer *trainer, const parsed *p, asx_error *err)
{
    if (p->head.n_checkpoint == 0)
        return ASX_OK;
    const asx_status status =
        asx_trainer_parse(trainer, "checkpoint", p->checkpoint, p->head.n_checkpoint, err);
    return status == ASX_EPARSE || status == ASX_EINVAL ? ASX_OK : status;
}

/* @param file the trained network's, appended */
static asx_status train(asx_text *file, const asx_train_server *server, const parsed *p,
                        const asx_crew_line *line, asx_error *err)
{
    const asx_train_options o = asx_trained_with_epochs(&server->options, p->head.epochs);
    const asx_watcher watcher = {.stop = line->stop, .state = line->state};
    const asx_train_steps steps = {.watcher = &watcher, .kept = keep, .state = (void *)line};
    asx_network *start = NULL, *network = NULL;
    asx_trainer *trainer = NULL;
    asx_status status = ASX_OK;
    if (p->head.n_start > 0)
        status = asx_network_parse(&start, "start", p->start, p->head.n_start, err);
    if (status == ASX_OK)
        status = asx_trainer_new(&trainer, start ? start : server->session->network, server->data,
                                 server->images, &p->design, &o, err);
    if (status == ASX_OK)
        status = resume(trainer, p, err);
    if (status == ASX_OK)
        status = asx_train_steps_run(trainer, &steps, false, err);
    if (status == ASX_OK)
        status = asx_trainer_network(&network, trainer, err);
    if (status == ASX_OK)
        status = asx_network_print(file, network, err);
    asx_network_free(network);
    asx_trainer_free(trainer);
    asx_network_free(start);
    return status;
}

/* What the file holds is what is measured. */
static asx_status measure(asx_train_answer *out, const asx_train_server *server, const parsed *p,
                          const asx_text *file, asx_error *err)
{
    asx_session *s = server->session;
    asx_network *network = NULL;
    asx_status status = asx_network_parse(&network, "trained network", file->s, file->n, err);
    for (int i = 0; i < ASX_N_SUBSETS && status == ASX_OK; i++)
        if (i != ASX_SUBSET_REPORT || s->has_subset[i])
            status =
                asx_trained_measure(&out->accuracy[i], s, network, &p->design, (asx_subset)i, err);
    asx_network_free(network);
    return status;
}

asx_status asx_train_serve(asx_text *answer, asx_train_server *server, const char *job, size_t n,
                           const asx_crew_line *line, asx_error *err)
{
    parsed p = {.head = {0}};
    asx_train_answer head = {.interrupted = false};
    asx_text file = {0};
    asx_status status = parse(&p, server, job, n, err);
    if (status == ASX_OK)
        status = train(&file, server, &p, line, err);
    if (status == ASX_OK)
        status = measure(&head, server, &p, &file, err);
    if (status == ASX_EINTERRUPTED) { /* the last checkpoint is on its way */
        head.interrupted = true;
        status = ASX_OK;
    }
    if (status == ASX_OK) {
        asx_text_add_bytes(answer, (const char *)&head, sizeof head);
        if (!head.interrupted)
            asx_text_add_bytes(answer, file.s, file.n);
    }
    asx_text_fini(&file);
    asx_design_fini(&p.design);
    return status;
}
