#include "core/idna.hpp"

#include <memory>
#include <stdexcept>

namespace vitrine {

const icu::IDNA& idna() {
    static const std::unique_ptr<icu::IDNA> instance = [] {
        UErrorCode error = U_ZERO_ERROR;
        std::unique_ptr<icu::IDNA> made(icu::IDNA::createUTS46Instance(
            UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                UIDNA_NONTRANSITIONAL_TO_ASCII,
            error
        ));
        if (U_FAILURE(error)) throw std::runtime_error("ICU has no IDNA");
        return made;
    }();
    return *instance;
}

}  // namespace vitrine
