#include "store/sql/at_rest.hpp"

#include <string_view>
#include <system_error>

namespace vitrine::store::sqlite {

bool has_wal(const std::filesystem::path& file) {
    std::error_code ignored;  // then it cannot be opened either
    return std::filesystem::exists(file.string() + "-wal", ignored);
}

std::string at_rest(const std::filesystem::path& file) {
    std::string name = "file:";
    for (const char c : file.string()) {
        if (std::string_view("%?#").contains(c)) {
            name += c == '%' ? "%25" : c == '?' ? "%3F" : "%23";
        } else {
            name += c;
        }
    }
    return name + "?immutable=1";
}

}  // namespace vitrine::store::sqlite
