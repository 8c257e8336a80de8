#include "dse/word.h"
