"""Convolution in NumPy, with filters that are shared by all places or not: im2col and a product."""

import numpy as np

from .im2col import col2im
from .windows import read_windows


def _group_slices(C, groups):
    return [slice(g * C // groups, (g + 1) * C // groups) for g in range(groups)]


def conv2d(x, w, b, y, window, groups):
    """``y[n,i,j,k] = b[k] + sum over u,v,c of x[n, i·S − P + u·D, j·S − P + v·D, c] · w[k,u,v,c]``.

    Strictly this is a cross-correlation: the filter is not flipped. With groups, filter k of group
    g sees only the channels of group g.
    """
    cols = read_windows(x, y.shape[1:3], window)
    for k, c in zip(_group_slices(len(w), groups), _group_slices(x.shape[3], groups), strict=True):
        y[..., k] = np.einsum("nijuvc,kuvc->nijk", cols[..., c], w[k], optimize=True)
    y += b


def conv2d_dx(dy, w, dx, window, groups):
    """``dx`` of conv2d: every window gets back ``dy[n,i,j,k] · w[k,u,v,c]``, summed."""
    cols = np.empty((*dy.shape[:3], *w.shape[1:3], dx.shape[3]), dx.dtype)
    for k, c in zip(_group_slices(len(w), groups), _group_slices(dx.shape[3], groups), strict=True):
        cols[..., c] = np.einsum("nijk,kuvc->nijuvc", dy[..., k], w[k], optimize=True)
    col2im(cols, dx, window)


def conv2d_dw(x, dy, dw, window, groups):
    """``dw[k,u,v,c] = sum over n,i,j of dy[n,i,j,k] · x[n, i·S − P + u·D, j·S − P + v·D, c]``."""
    cols = read_windows(x, dy.shape[1:3], window).astype(float)
    dy = dy.astype(float)
    for k, c in zip(_group_slices(len(dw), groups), _group_slices(x.shape[3], groups), strict=True):
        dw[k] = np.einsum("nijk,nijuvc->kuvc", dy[..., k], cols[..., c], optimize=True)


def locally_connected2d(x, w, b, y, window):
    """conv2d whose filter ``w[i,j,k]`` and bias ``b[i,j,k]`` differ at every output place."""
    cols = read_windows(x, y.shape[1:3], window)
    y[...] = np.einsum("nijuvc,ijkuvc->nijk", cols, w, optimize=True) + b


def locally_connected2d_dx(dy, w, dx, window):
    """``dx`` of locally_connected2d."""
    cols = np.einsum("nijk,ijkuvc->nijuvc", dy, w, optimize=True)
    col2im(cols, dx, window)


def locally_connected2d_dw(x, dy, dw, window):
    """``dw[i,j,k,u,v,c] = sum over n of dy[n,i,j,k] · x[n, i·S − P + u·D, j·S − P + v·D, c]``."""
    cols = read_windows(x, dy.shape[1:3], window)
    dw[...] = np.einsum("nijk,nijuvc->ijkuvc", dy, cols, optimize=True)
