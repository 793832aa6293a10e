#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace vitrine::store {

/// A file holds what nobody of ours wrote: altered, cut off, or worn out.
class Damaged : public std::runtime_error {
public:
    explicit Damaged(const std::string& what) : std::runtime_error(what) {}
};

/// Damaged, or SQLite saying the same of one of our files.
bool is_damage(const std::exception& error);

}  // namespace vitrine::store
