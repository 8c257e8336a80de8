#include "dse/evaluation.h"
