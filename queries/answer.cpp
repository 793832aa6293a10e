#include "queries/answer.hpp"

namespace vitrine::queries {

QueryError not_found(Phrase what) {
    QueryError error;
    error.kind = QueryError::Kind::not_found;
    error.detail = std::move(what);
    return error;
}

QueryError not_ready() {
    QueryError error;
    error.kind = QueryError::Kind::not_ready;
    error.detail = {"the read model is not there yet", "a visão de leitura ainda não está pronta"};
    error.retry_after = std::chrono::seconds(1);
    return error;
}

QueryError not_ready_until_decided(Phrase detail) {
    auto error = not_ready();
    error.detail = std::move(detail);
    error.retry_after = std::chrono::minutes(1);
    return error;
}

QueryError invalid(std::vector<Fault> faults) {
    QueryError error;
    error.kind = QueryError::Kind::invalid;
    error.detail =
        faults.size() == 1
            ? faults.front().detail
            : Phrase("several parameters are not valid", "vários parâmetros são inválidos");
    error.faults = std::move(faults);
    return error;
}

}  // namespace vitrine::queries
