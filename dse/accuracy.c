#include "dse/accuracy.h"
