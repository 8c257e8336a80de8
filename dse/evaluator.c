#include "dse/evaluator.h"
