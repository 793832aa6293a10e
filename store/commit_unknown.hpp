#pragma once

#include <stdexcept>

namespace vitrine::store {

/// Nobody knows what became of a commit, so neither where the log ends: until its file can be
/// opened again.
class CommitUnknown : public std::runtime_error {
public:
    CommitUnknown()
        : std::runtime_error("the log cannot be opened: what its end is, is not known") {}
};

}  // namespace vitrine::store
