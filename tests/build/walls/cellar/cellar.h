/* Of the parts above, not of visitors. */
#ifndef CELLAR_H
#define CELLAR_H

int cellar_depth(void);

#endif
