#include "base/table.h"

#include <string.h>

bool table_find(struct str table, struct str key, struct str *rest)
{
    size_t low = 0, high = table.len; /* both are starts of lines, or the end */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        while (middle > low && table.data[middle - 1] != '\n')
            middle--;
        struct str tail = str_sub(table, middle, table.len), line, first;
        struct str after = tail;
        if (!str_next(&after, '\n', &line))
            return false;
        struct str columns = line;
        first = (struct str){"", 0};
        str_next(&columns, '\t', &first);
        int order = str_compare(key, first);
        if (order == 0) {
            *rest = columns;
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + line.len + 1;
    }
    return false;
}
