#include "tests/support/project_folder.hpp"

namespace vitrine::test {

std::filesystem::path project_folder() {
    return PROJECT_FOLDER;
}

}  // namespace vitrine::test
