"""LibreOffice opens our documents, without a window."""

import subprocess


def opened(file, kind):
    """Open the document in LibreOffice and save it; give the new file."""
    folder = file.parent / "opened"
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(folder),
         str(file)],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    return folder / f"{file.stem}.{kind}"
