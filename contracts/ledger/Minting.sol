// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import "./Codes.sol";
import {Epochs} from "./Epochs.sol";
import {Moves} from "./Moves.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {ReceiptWord, toReceipt} from "./ReceiptWord.sol";
import {MintBudget, Move, PositionSlot} from "./Store.sol";
import {Vouchers} from "./Vouchers.sol";

/// @title Exactly one mint per investment, with its lock-up.
/// @dev The receipt is written before the receiver is called, so a receiver that calls back finds a replay.
abstract contract Minting is Vouchers {
    /// @dev A voucher wasn't asked for, or not yet.
    uint256 private constant NO_BUDGET = type(uint256).max;

    /// @inheritdoc ITerraLuminaOwnership
    function mintInvestment(
        bytes32 investmentId,
        uint24 projectId,
        address investor,
        uint56 units,
        uint16 unlockDay,
        Voucher calldata voucher
    ) external onlyRole(Role.Minter) nonReentrant returns (bool minted) {
        Order memory order = Order(investmentId, investor, units, unlockDay);
        if (_isReplay(projectId, order)) return false;
        _requireVoucher(_hashOfOrder(projectId, order, voucher.deadline), voucher);
        uint8 code = _restrictionOfOrder(projectId, order);
        uint256 spent = mintedToday(projectId) + units;
        if (code == OK && spent > _store.budgets[projectId].cap) code = DAILY_MINT_CAP;
        if (code != OK) _refuse(code, address(0), investor, projectId, units);
        _spend(projectId, spent);
        _mint(msg.sender, projectId, order);
        return true;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function mintInvestments(uint24 projectId, Order[] calldata orders, Voucher calldata voucher)
        external
        onlyRole(Role.Minter)
        nonReentrant
        returns (uint256 mintedBitmap)
    {
        _requireVoucher(hashOfMint(projectId, orders, voucher.deadline), voucher);
        uint256 before = mintedToday(projectId);
        uint256 left = Math.saturatingSub(_store.budgets[projectId].cap, before);
        uint256 minted;
        (mintedBitmap, minted) = _mintMany(projectId, orders, left);
        if (minted != 0) _spend(projectId, before + minted);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function mintSettled(uint24 projectId, Order[] calldata orders)
        external
        onlyRole(Role.Sale)
        nonReentrant
        returns (uint256 mintedBitmap)
    {
        (mintedBitmap,) = _mintMany(projectId, orders, NO_BUDGET);
    }

    /// @notice The ledger's call to itself, so that a receiver that refuses undoes its own order only.
    function mintOrder(address operator, uint24 projectId, Order calldata order) external {
        if (msg.sender != address(this)) revert OnlySelf();
        _mint(operator, projectId, order);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function mintedToday(uint256 projectId) public view returns (uint256) {
        MintBudget storage budget = _store.budgets[projectId];
        return budget.day == _today() ? budget.minted : 0;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function receiptOf(bytes32 investmentId) external view returns (Receipt memory) {
        return _store.receipts[investmentId].unpacked();
    }

    /// @param budget Most units that may be minted
    function _mintMany(uint24 projectId, Order[] calldata orders, uint256 budget)
        private
        returns (uint256 mintedBitmap, uint256 minted)
    {
        if (orders.length > MAX_LIST) revert TooMany(orders.length, MAX_LIST);
        for (uint256 i = 0; i < orders.length; ++i) {
            Order memory order = orders[i];
            if (_isReplay(projectId, order)) continue;
            uint8 code = _restrictionOfOrder(projectId, order);
            if (code == OK && minted + order.units > budget) code = DAILY_MINT_CAP;
            if (code == OK && !_mintOrCatch(projectId, order)) code = RECEIVER_REFUSES;
            if (code == OK) {
                mintedBitmap |= 1 << i;
                minted += order.units;
            } else {
                emit InvestmentSkipped(order.investmentId, projectId, code);
            }
        }
    }

    function _mintOrCatch(uint24 projectId, Order memory order) private returns (bool) {
        if (order.investor.code.length != 0) {
            if (gasleft() < GAS_BEFORE_RECEIVER) revert NotEnoughGas(GAS_BEFORE_RECEIVER);
            try this.mintOrder{gas: RECEIVER_GAS}(msg.sender, projectId, order) {
                return true;
            } catch {
                return false;
            }
        }
        _mint(msg.sender, projectId, order);
        return true;
    }

    /// @dev Also refuses orders that make no sense, in a batch too: they are a programmer's mistake.
    function _isReplay(uint24 projectId, Order memory order) private view returns (bool) {
        if (order.investmentId == 0) revert InvalidInvestmentId();
        if (order.units == 0) revert ZeroUnits(order.investmentId);
        ReceiptWord seen = _store.receipts[order.investmentId];
        if (seen.isNone()) return false;
        if (seen == toReceipt(projectId, order)) return true;
        revert InvestmentConflict(order.investmentId);
    }

    function _restrictionOfOrder(uint24 projectId, Order memory order) private view returns (uint8 code) {
        address investor = order.investor;
        code = _store.paused ? PAUSED : _receiveRestriction(investor);
        if (code != OK) return code;
        Position position = _store.positions[projectId][investor].word;
        return _restrictionOfMint(_store.projects[projectId], position, Move(address(0), investor, projectId, order.units));
    }

    function _spend(uint256 projectId, uint256 minted) private {
        MintBudget storage budget = _store.budgets[projectId];
        budget.minted = SafeCast.toUint56(minted);
        budget.day = uint16(_today());
    }

    function _mint(address operator, uint24 projectId, Order memory order) private {
        address investor = order.investor;
        uint256 units = order.units;
        uint256 day = order.unlockDay;
        _store.receipts[order.investmentId] = toReceipt(projectId, order);

        ProjectWord project = _store.projects[projectId];
        PositionSlot storage slot = _store.positions[projectId][investor];
        Position position = slot.word;
        uint256 before = position.balance();
        position = Epochs.remember(_store, projectId, investor, position, project.epoch()).withBalance(before + units);
        if (day > _today()) position = Moves.lock(position, units, day);
        else if (day != 0) _store.lots[order.investmentId].state = LotState.Released;
        slot.word = position;
        project = project.withMinted(units);
        _store.projects[projectId] = before == 0 ? project.withHolders(project.holders() + 1) : project;

        emit TransferSingle(operator, address(0), investor, projectId, units);
        emit InvestmentMinted(order.investmentId, projectId, investor, units, day);
        ERC1155Utils.checkOnERC1155Received(operator, address(0), investor, projectId, units, "");
    }
}
