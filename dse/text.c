#include "dse/text.h"
