/* A user of the installed libraries: the cost of storing a format, and the searchers there are. */
#include <dse/format.h>
#include <search/searcher.h>
#include <stdio.h>

int main(void)
{
    asx_error err;
    asx_format format;
    if (asx_format_parse(&format, "w8{1,3}a8", &err) != ASX_OK)
        return fprintf(stderr, "%s\n", err.message), 1;
    printf("w8{1,3}a8 is stored in %u bits\n", asx_word_code_bits(&format.weight));
    for (size_t i = 0; asx_searchers[i]; i++)
        printf("%s: %s\n", asx_searchers[i]->name, asx_searchers[i]->summary);
    return 0;
}
