"""LibreOffice opening our documents, without its window."""

import subprocess


def opened(file, kind):
    """The document as LibreOffice writes it after opening it."""
    folder = file.parent / "opened"
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(folder),
         str(file)],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    return folder / f"{file.stem}.{kind}"
