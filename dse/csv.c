#include "dse/csv.h"
