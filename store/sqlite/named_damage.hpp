#pragma once

#include <SQLiteCpp/Exception.h>

#include <filesystem>

#include "store/damage.hpp"

namespace vitrine::store::sqlite {

/// The result of `work` on `file`; damage that SQLite meets there is thrown as Damaged, naming it.
template <class Work>
auto naming_damage(const std::filesystem::path& file, Work work) {
    try {
        return work();
    } catch (const SQLite::Exception& error) {
        if (is_damage(error)) throw Damaged(file.string() + ": " + error.what());
        throw;
    }
}

}  // namespace vitrine::store::sqlite
