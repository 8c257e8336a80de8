/* Work of a network beside its layers' products. Private to eval. */
#ifndef ASX_EVAL_OTHER_WORK_H
#define ASX_EVAL_OTHER_WORK_H

#include "graph.h"

/** Fills in `other` of all layers of the workload from the graph. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_network_count_other_work(asx_network *network, asx_error *err);

#endif
