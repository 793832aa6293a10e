"""Every link of the installed README leads somewhere, and every link of what it leads to."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import PATIENCE, VITRINE, main


def links_of(file):
    """The relative ones: those in Markdown, and src and href of HTML in it; not what looks so in code."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", file.read_text(), flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"""\]\(([^)\s]+)[^)]*\)|(?:src|href)=["']([^"']+)""", text)
    targets = [one or other for one, other in found]
    return [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#|\$|/", target)]


class Documents(unittest.TestCase):
    def assert_complete(self, readme):
        to_read, read = [readme], set()
        while to_read:
            file = to_read.pop()
            if file in read:
                continue
            read.add(file)
            for link in links_of(file) if file.suffix == ".md" else []:
                target = pathlib.Path(os.path.normpath(file.parent / link))
                self.assertTrue(target.exists(), f"{file} leads to {link}")
                to_read += sorted(target.glob("*.md")) if target.is_dir() else [target]
        self.assertGreater(len(read), 10)

    def test_the_package_has_all_that_can_be_reached_from_its_readme(self):
        build = pathlib.Path(VITRINE).resolve().parent
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["cmake", "--install", build, "--component", "documents", "--prefix", folder],
                           check=True, capture_output=True, timeout=PATIENCE)  # fmt: skip
            self.assert_complete(pathlib.Path(folder) / "share/doc/vitrine/README.md")

    def test_the_repository_has_it_too(self):
        self.assert_complete(pathlib.Path(__file__).resolve().parents[2] / "README.md")


if __name__ == "__main__":
    main()
