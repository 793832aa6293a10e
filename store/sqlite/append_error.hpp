#pragma once

#include <string>
#include <utility>

#include "store/event_store.hpp"

namespace vitrine::store::sqlite {

inline AppendError append_error(AppendError::Kind kind, std::string detail) {
    AppendError error;
    error.kind = kind;
    error.detail = std::move(detail);
    return error;
}

}  // namespace vitrine::store::sqlite
