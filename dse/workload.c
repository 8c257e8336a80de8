#include "dse/workload.h"
